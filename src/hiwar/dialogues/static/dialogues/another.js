// Handing the phone over: what one person said is not shown to the next, and what waits stays hers.
const { code } = document.body.dataset;
const form = document.querySelector("[data-another]");
const asked = document.getElementById("asked");
const channel = self.BroadcastChannel && new BroadcastChannel(`who-${code}`);
const isOpen = "open" in form.dataset;

// Closes the page where somebody else cannot begin: it says what to do instead.
const shut = () => {
  const line = document.createElement("p");
  line.className = "notice";
  line.setAttribute("role", "alert");
  line.textContent = form.dataset.closed;
  document.getElementById("main").replaceChildren(line);
};

const become = (person) => {
  if (asked) asked.hidden = true;
  dispatchEvent(new CustomEvent("become", { detail: person }));
};

// Somebody whom the server does not know yet: a key that this phone alone has, and a counter from anywhere.
const newcomer = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  const key = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  const [last] = crypto.getRandomValues(new Uint32Array(1));
  return { key, done: [], last: last >>> 2 };
};

const beginAnew = () => {
  if (!isOpen) shut();
  else if (document.getElementById("ballot")) become(newcomer());
  else if (navigator.serviceWorker?.controller) {
    history.replaceState(null, "", `${form.dataset.next}#another`);
    location.reload();
  } else shut();
};

form.addEventListener("submit", async (event) => {
  // Another button of the form is the browser's.
  if (event.submitter?.name) return;
  event.preventDefault();
  try {
    sessionStorage.removeItem(`statement-${code}`);
  } catch {
    // Nothing is kept in this tab.
  }
  // Not while votes are sent: their answer would bring the cookie of before back.
  const signal = AbortSignal.timeout(8000);
  const forget = () => fetch(form.action, {
    method: "POST", body: new FormData(form), redirect: "manual", signal,
  });
  const asking = navigator.locks
    ? navigator.locks.request(`part-${code}`, { signal }, forget)
    : forget();
  const answer = await asking.catch(() => null);
  if (answer?.type === "opaqueredirect") location.replace(form.dataset.next);
  else beginAnew();
  channel?.postMessage("");
});

// Other tabs, and pages that "back" brings out of the browser's memory, are of whoever was here before.
channel?.addEventListener("message", () => location.reload());
addEventListener("pageshow", (event) => event.persisted && location.reload());

const listed = (person) => {
  const button = document.createElement("button");
  const name = document.createElement("bdi");
  const count = document.createElement("span");
  button.className = "button wide";
  name.textContent = person.name ?? asked.dataset.nameless;
  count.textContent = asked.dataset.answers.replace("{n}", person.done.length);
  button.append(name, " \u00b7 ", count);
  button.addEventListener("click", () => become(person));
  return button;
};

if (asked) {
  addEventListener("who", ({ detail: people }) => {
    if (location.hash === "#another" || !people.length) {
      history.replaceState(null, "", location.pathname);
      beginAnew();
      return;
    }
    document.getElementById("people").replaceChildren(...people.map(listed));
    asked.hidden = false;
  });
  document.getElementById("another").addEventListener("click", beginAnew);
}
