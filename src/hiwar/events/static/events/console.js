// Notes are kept on this device first, then sent: a lost network loses none. Where nothing can be
// kept, the form is posted as it is. The server counts a key once, however often it comes.
const at = (id) => document.getElementById(id);
const form = at("note-form");
const badge = at("unsent");
const name = `notes-${location.pathname}`;
let base, timer, pause = 2000;

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const opened = () => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("notes", { keyPath: "key" });
  return settled(request);
};

const write = (work) => new Promise((resolve, reject) => {
  const act = base.transaction("notes", "readwrite", { durability: "strict" });
  work(act.objectStore("notes"));
  act.oncomplete = resolve;
  act.onerror = act.onabort = () => reject(act.error);
});

const waiting = async () => {
  const all = await settled(base.transaction("notes").objectStore("notes").getAll());
  return all.sort((one, other) => one.order - other.order);
};

const show = async () => {
  const all = await waiting();
  badge.classList.toggle("is-waiting", all.length > 0);
  badge.textContent = all.length ? `${badge.dataset.some} ${all.length}` : badge.dataset.none;
  at("unsent-notes").replaceChildren(...all.map((one) => {
    const line = document.createElement("li");
    line.className = "list-item";
    line.dir = "auto";
    line.textContent = one.text;
    return line;
  }));
};

// The form's token outlives a night on the device only in the cookie of the page that is open.
const send = async () => {
  for (const one of await waiting()) {
    const body = new FormData();
    for (const [field, value] of Object.entries(one.fields)) body.set(field, value);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { accept: "application/json" }, redirect: "error",
    });
    const { kept } = await answer.json();
    if (!kept) return false;
    await write((notes) => notes.delete(one.key));
    await show();
  }
  return true;
};

const flush = async () => {
  if (!base) return;
  clearTimeout(timer);
  const held = navigator.locks
    ? navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && send())
    : send();
  const empty = await held.catch(() => false);
  pause = empty ? 2000 : Math.min(pause * 2, 60000);
  if (!empty) timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
};

const keep = async (event) => {
  if (!base || event.submitter?.name) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrfmiddlewaretoken;
  if (!fields.text.trim()) return;
  await write((notes) => notes.put({ key: fields.key, text: fields.text, order: Date.now(), fields }));
  form.elements.key.value = crypto.randomUUID();
  form.elements.text.value = "";
  form.elements.text.focus();
  await show();
  flush();
};

// The seconds run here between two looks at the server.
setInterval(() => {
  const clock = document.querySelector("[data-timer]");
  if (!clock) return;
  clock.dataset.timer = Number(clock.dataset.timer) + 1;
  const seconds = Number(clock.dataset.timer);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 1000);

const begin = async () => {
  base = await opened();
  form.addEventListener("submit", keep);
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", flush);
  await show();
  await flush();
};

if (form && self.indexedDB && crypto.randomUUID) begin().catch(() => { base = undefined; });
