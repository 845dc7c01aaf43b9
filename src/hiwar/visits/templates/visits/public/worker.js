// Keeps the programme of one private link on the phone. A link that is closed empties it.
const KEPT = "visit";
const isProgramme = (url) => /^\/v\/[\w-]{20,}\/$/.test(url.pathname);
const wipe = () => caches.delete(KEPT);

// A whole answer replaces what was kept, or nothing does: a network that breaks off takes nothing away.
const keep = async (address, answer) => {
  if (!answer.ok || answer.redirected) return;
  const whole = new Response(await answer.blob(), { status: answer.status, headers: answer.headers });
  await (await caches.open(KEPT)).put(address, whole);
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  event.waitUntil(event.data === "wipe" ? wipe() : Promise.allSettled(
    event.data.map((url) => fetch(url, { credentials: "same-origin" }).then((answer) => keep(url, answer))),
  ));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = isProgramme(url);
  if (!isPage && !url.pathname.startsWith("/static/")) return;
  event.respondWith(fetch(event.request).then(async (answer) => {
    if (isPage && (answer.status === 410 || answer.status === 404)) await wipe();
    if (isPage) event.waitUntil(keep(url.pathname, answer.clone()).catch(() => {}));
    return answer;
  }).catch(async (error) => {
    const found = await caches.match(isPage ? url.pathname : event.request);
    if (!found) throw error;
    return found;
  }));
});
