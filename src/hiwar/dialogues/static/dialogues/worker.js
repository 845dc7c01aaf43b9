// Shows the page of votes again when the network is gone. Nothing else is kept on the phone.
const KEPT = "part";
const isBallot = (url) => /\/d\/[^/]+\/vote\/$/.test(url.pathname) && !url.search;

// A whole answer replaces what was kept, or nothing does: a network that breaks off takes nothing away.
// What asks to come again later is a page of a pause, and no ballot.
const keep = async (address, answer) => {
  if (!answer.ok || answer.redirected || answer.headers.has("retry-after")) return;
  const whole = new Response(await answer.blob(), { status: answer.status, headers: answer.headers });
  await (await caches.open(KEPT)).put(address, whole);
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(Promise.allSettled(
    event.data.map((url) => fetch(url, { credentials: "same-origin" }).then((answer) => keep(url, answer))),
  ));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = event.request.mode === "navigate" && isBallot(url);
  if (!isPage && !url.pathname.startsWith("/static/")) return;
  event.respondWith(fetch(event.request).then((answer) => {
    if (isPage) event.waitUntil(keep(event.request, answer.clone()).catch(() => {}));
    return answer;
  }).catch(async (error) => {
    const found = await caches.match(event.request);
    if (!found) throw error;
    return found;
  }));
});
