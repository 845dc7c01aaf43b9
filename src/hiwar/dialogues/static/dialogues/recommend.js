// Answers to recommendations: shown at once, kept in this tab until the server has them.
const { code, who } = document.body.dataset;
const name = `recommend-${code}`;
const say = document.getElementById("say");
const held = document.getElementById("held");
const count = document.getElementById("count");
const forms = [...document.querySelectorAll("[data-recommendation]")];
let timer, busy = false, pause = 2000;

// What waits is told with whose it is: the phone may be in other hands by then.
const queue = () => JSON.parse(sessionStorage.getItem(name) ?? "[]");
const mine = () => queue().filter((act) => act.ticket === who);
let last = Math.max(0, ...mine().map((act) => Number(act.sequence)));
const store = (acts) => {
  sessionStorage.setItem(name, JSON.stringify(acts));
  held.hidden = !acts.length;
  held.textContent = held.dataset.say.replace("{n}", acts.length);
};

const tell = (text) => {
  const line = document.createElement("p");
  line.className = "notice is-error";
  line.textContent = text;
  say.replaceChildren(...(text ? [line] : []));
};

const mark = (form, choice) => {
  for (const button of form.querySelectorAll("[name=choice]"))
    button.setAttribute("aria-pressed", String(button.value === choice));
  const done = forms.filter((one) => one.querySelector("[aria-pressed=true]")).length;
  count.textContent = count.dataset.say.replace("{n}", done).replace("{of}", count.dataset.of);
};

const send = async () => {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  try {
    for (let acts = queue(); acts.length; acts = queue()) {
      const [first] = acts;
      const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(forms[0].action, {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams({ ...first, csrfmiddlewaretoken: token }),
      });
      if (answer.status !== 200 && answer.status !== 422) throw new Error(answer.status);
      const { status, say: why } = await answer.json();
      if (status === "refused") tell(why);
      store(queue().filter((act) => act.ticket !== first.ticket || act.sequence !== first.sequence));
    }
    pause = 2000;
  } catch {
    pause = Math.min(pause * 2, 60000);
    timer = setTimeout(send, pause);
  }
  busy = false;
};

for (const form of forms)
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "choice") return;
    const choice = event.submitter.value;
    const fields = { code: form.code.value, choice, reason: form.reason.value, made: "here", ticket: who };
    // Only the order of one's own answers is told: a counter that the page began, and no clock.
    last = Math.max(last + 1, Number(form.sequence.value));
    try {
      store([...queue().filter((act) => act.ticket !== who || act.code !== fields.code),
        { ...fields, sequence: String(last) }]);
    } catch {
      return; // Nothing can be kept here: the form is posted as it is.
    }
    event.preventDefault();
    tell("");
    mark(form, choice);
    if (choice === "object" && !form.reason.value) {
      form.querySelector("details").open = true;
      form.reason.focus();
    }
    send();
  });

for (const act of mine()) {
  const form = forms.find((one) => one.code.value === act.code);
  if (form) mark(form, act.choice);
  last = Math.max(last, Number(act.sequence));
}
try {
  store(queue());
  for (const kind of ["online", "pageshow"]) addEventListener(kind, send);
  send();
} catch {
  held.hidden = true;
}
