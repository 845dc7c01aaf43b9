// While somebody writes: what others said already, and private details that should not be sent.
const form = document.getElementById("compose");
const { text } = form.elements;
let timer;

const list = (similar) => {
  const items = document.createElement("ul");
  items.className = "marks";
  for (const one of similar) {
    const link = document.createElement("a");
    link.href = one.url;
    link.dir = "auto";
    for (const [word, differs] of one.words) {
      const place = differs ? document.createElement("mark") : document.createTextNode("");
      place.textContent = word;
      link.append(place, " ");
    }
    const item = document.createElement("li");
    item.append(link);
    items.append(item);
  }
  return items;
};

const box = (id, kind, parts) => {
  const place = document.getElementById(id);
  const block = document.createElement("div");
  block.className = `notice flow ${kind}`;
  block.append(...parts);
  // An unchanged warning is not read out again at each letter.
  if (place.innerHTML !== (parts.length ? block.outerHTML : ""))
    place.replaceChildren(...(parts.length ? [block] : []));
};

const words = (id) => document.getElementById(id).content.cloneNode(true);

const check = async () => {
  const body = new FormData(form);
  const answer = await fetch(form.dataset.check, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return;
  const { similar, warnings } = await answer.json();
  const lines = warnings.map((one) => {
    const line = document.createElement("p");
    line.textContent = one;
    return line;
  });
  box("warned", "is-error", lines.length ? [...lines, words("warn-words")] : []);
  // What is close by letters may say the contrary; it is never offered as the same.
  const near = similar.filter((one) => !one.opposite), far = similar.filter((one) => one.opposite);
  box("alike", "", [
    ...(near.length ? [words("alike-words"), list(near)] : []),
    ...(far.length ? [words("opposite-words"), list(far)] : []),
  ]);
};

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, 600);
});

// A statement that cannot be sent stays in this tab and goes out when the network returns.
const { code, who } = document.body.dataset;
const name = `statement-${code}`;
const held = document.getElementById("held");
let pause = 2000, again, busy = false;

const store = (said) => {
  try {
    if (said) sessionStorage.setItem(name, JSON.stringify({ who, said }));
    else sessionStorage.removeItem(name);
  } catch {
    // Nothing can be kept here; the text stands in the field all the same.
  }
};

const send = async () => {
  clearTimeout(again);
  if (busy || !text.value.trim()) return;
  busy = true;
  store(text.value);
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new FormData(form),
  }).catch(() => null);
  busy = false;
  if (answer?.status === 200) {
    store("");
    location.assign((await answer.json()).url);
  } else if (answer && answer.status < 500) {
    // The server asks something back: its page says what.
    store("");
    form.submit();
  } else {
    held.hidden = false;
    again = setTimeout(send, pause);
    pause = Math.min(pause * 2, 60000);
  }
};

form.addEventListener("submit", (event) => {
  if (event.submitter?.name) {
    // Another button than "Send", such as the switch of language: the browser posts the form to
    // that button's address, and nothing that waits goes out behind it.
    clearTimeout(again);
    store("");
    return;
  }
  event.preventDefault();
  send();
});
addEventListener("online", () => !held.hidden && send());
text.addEventListener("input", () => {
  // Who writes on sends again by hand.
  clearTimeout(again);
  held.hidden = true;
});

try {
  // Whoever has the phone now neither reads nor sends what somebody else wrote.
  const kept = JSON.parse(sessionStorage.getItem(name));
  if (kept?.who === who && !text.value) {
    text.value = kept.said;
    send();
  }
} catch {
  // Nothing was kept.
}
