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

const close = async () => {
  (await navigator.serviceWorker?.ready)?.active?.postMessage("wipe");
  await caches.delete("visit");
  location.reload();
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
  try {
    const answer = await fetch(`${here}state`, { cache: "no-store" });
    told.hidden = true;
    if (answer.status === 410 || answer.status === 404) return await close();
    if ((await answer.json()).mark !== page.dataset.mark) await renew();
  } catch {
    told.hidden = false;
  }
};

openToday();
look();
setInterval(look, EVERY);
addEventListener("online", look);
document.addEventListener("visibilitychange", () => document.hidden || look());

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/v/worker.js", { scope: "/v/" }).then(async () => {
    const worker = (await navigator.serviceWorker.ready).active;
    const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
    const fonts = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => name.endsWith(".woff2"));
    worker.postMessage([here, ...files, ...fonts]);
  }).catch(() => {});
}
