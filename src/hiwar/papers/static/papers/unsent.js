// What was typed into a block and not sent lies in this browser with the revision it began from:
// it survives a reload, is counted, and is sent with its own base.
"use strict";
(() => {
  const PREFIX = "hiwar.unsent.";
  const forms = [...document.querySelectorAll("form[data-block]")];
  const said = document.getElementById("unsent");
  const key = (form) => PREFIX + form.dataset.block;
  const fields = (form) => [...form.querySelectorAll("textarea")];
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const drop = (name) => { try { localStorage.removeItem(name); } catch { /* closed */ } };

  for (const form of forms) {
    const kept = read(key(form));
    if (kept) {
      form.elements.base.value = kept.base;
      for (const field of fields(form)) if (field.name in kept.texts) field.value = kept.texts[field.name];
    }
    form.addEventListener("input", () => {
      const texts = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
      try { localStorage.setItem(key(form), JSON.stringify({ base: form.elements.base.value, texts })); } catch { /* full */ }
    });
    form.addEventListener("formdata", () => { sessionStorage.setItem("hiwar.sent", key(form)); });
  }

  // A block that came back from the server without its form open was saved.
  const sent = sessionStorage.getItem("hiwar.sent");
  if (sent && said) {
    sessionStorage.removeItem("hiwar.sent");
    if (location.hash === "#b-" + sent.slice(PREFIX.length)) drop(sent);
  }

  const own = [...document.querySelectorAll(".paper-block")].map((block) => PREFIX + block.id.slice(2));
  const waiting = own.filter((name) => read(name));
  if (said && waiting.length) {
    const link = document.createElement("a");
    link.href = "?edit=" + waiting[0].slice(PREFIX.length) + "#b-" + waiting[0].slice(PREFIX.length);
    link.textContent = waiting.length === 1 ? said.dataset.one : said.dataset.more + " " + waiting.length;
    const leave = document.createElement("button");
    leave.type = "button";
    leave.className = "button button-quiet";
    leave.textContent = said.dataset.leave;
    leave.addEventListener("click", () => { waiting.forEach(drop); said.hidden = true; });
    said.append(link, " ", leave);
    said.hidden = false;
  }
})();
