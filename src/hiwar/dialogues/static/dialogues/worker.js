// Without a network it gives a page of votes that is nobody's and asks who is there.
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
// A page that was somebody's, as an earlier script kept it.
const dropPages = async () => {
  const kept = await caches.open(KEPT);
  const requests = await kept.keys();
  await Promise.all(requests.filter(({ url }) => isBallot(new URL(url)))
    .map((request) => kept.delete(request)));
};

self.addEventListener("activate", (event) => event.waitUntil(
  dropPages().then(() => self.clients.claim()),
));

self.addEventListener("message", (event) => {
  event.waitUntil(Promise.allSettled(
    event.data.map((url) => fetch(url, { credentials: "omit" }).then((answer) => keep(url, answer))),
  ));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = event.request.mode === "navigate" && isBallot(url);
  if (!isPage && !url.pathname.startsWith("/static/")) return;
  event.respondWith(fetch(event.request).catch(async (error) => {
    const answer = await caches.match(isPage ? `${url.pathname}kept/` : event.request);
    if (!answer) throw error;
    return answer;
  }));
});
