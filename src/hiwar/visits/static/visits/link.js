// Keeps a private programme fresh, and readable when the network is gone.
const page = document.querySelector("[data-visit]");
const told = document.querySelector("[data-offline]");
const here = location.pathname;
const EVERY = 20000;

const openToday = () => {
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  const day = document.querySelector(`[data-day="${today}"]`);
  if (day) day.open = true;
};

// What this phone kept goes first; the words then need no network, which may be gone again.
const close = async () => {
  clearInterval(looking);
  await caches.delete("visit");
  (await navigator.serviceWorker?.getRegistration())?.active?.postMessage("wipe");
  const closed = document.querySelector("[data-closed]");
  page.remove();
  told.hidden = true;
  closed.hidden = false;
  document.title = closed.querySelector("h1").textContent;
};

const renew = async () => {
  const answer = await fetch(here, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-visit]");
  if (!fresh) return;
  const open = [...page.querySelectorAll("details[open]")].map((one) => one.dataset.day);
  page.replaceChildren(...fresh.childNodes);
  page.dataset.mark = fresh.dataset.mark;
  for (const day of open) page.querySelector(`[data-day="${day}"]`)?.setAttribute("open", "");
  openToday();
};

const look = async () => {
  if (!page.isConnected) return;
  try {
    const answer = await fetch(`${here}state`, { cache: "no-store" });
    told.hidden = true;
    if (answer.status === 410 || answer.status === 404) return await close();
    if ((await answer.json()).mark !== page.dataset.mark) await renew();
  } catch {
    told.hidden = false;
  }
};

const looking = setInterval(look, EVERY);
openToday();
look();
addEventListener("online", look);
document.addEventListener("visibilitychange", () => document.hidden || look());

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/v/worker.js", { scope: "/v/" }).then(async () => {
    const worker = (await navigator.serviceWorker.ready).active;
    const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
    const fonts = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.endsWith(".woff2"));
    if (page.isConnected) worker.postMessage([here, ...files, ...fonts]);
  }).catch(() => {});
}
