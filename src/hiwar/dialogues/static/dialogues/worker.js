// Shows the page of votes again when the network is gone. Nothing else is kept on the phone.
const KEPT = "part";
const isBallot = (url) => /\/d\/[^/]+\/vote\/$/.test(url.pathname) && !url.search;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => Promise.allSettled(
    event.data.map((url) => kept.add(new Request(url, { credentials: "same-origin" }))),
  )));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = event.request.mode === "navigate" && isBallot(url);
  if (!isPage && !url.pathname.startsWith("/static/")) return;
  event.respondWith(fetch(event.request).then(async (answer) => {
    if (isPage && answer.ok && !answer.redirected) {
      const kept = await caches.open(KEPT);
      await kept.put(event.request, answer.clone());
    }
    return answer;
  }).catch(async (error) => {
    const found = await caches.match(event.request);
    if (!found) throw error;
    return found;
  }));
});
