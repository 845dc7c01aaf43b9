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
    link.textContent = one.text;
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
  box("alike", "", similar.length ? [words("alike-words"), list(similar)] : []);
};

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, 600);
});
