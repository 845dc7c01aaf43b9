// Keeps the programme of one private link on the phone. A link that is closed empties it.
const KEPT = "visit";
const isProgramme = (url) => /^\/v\/[\w-]{20,}\/$/.test(url.pathname);
const wipe = () => caches.delete(KEPT);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(event.data === "wipe" ? wipe() : caches.open(KEPT).then((kept) => Promise.allSettled(
    event.data.map((url) => kept.add(new Request(url, { credentials: "same-origin" }))),
  )));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = isProgramme(url);
  if (!isPage && !url.pathname.startsWith("/static/")) return;
  event.respondWith(fetch(event.request).then(async (answer) => {
    if (isPage && (answer.status === 410 || answer.status === 404)) await wipe();
    if (isPage && answer.ok && !answer.redirected) {
      const kept = await caches.open(KEPT);
      await kept.put(url.pathname, answer.clone());
    }
    return answer;
  }).catch(async (error) => {
    const found = await caches.match(isPage ? url.pathname : event.request);
    if (!found) throw error;
    return found;
  }));
});
