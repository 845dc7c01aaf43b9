// Votes are kept on the phone, then sent. Where it keeps nothing, the form is posted as it is.
const at = (id) => document.getElementById(id);
const { code } = document.body.dataset;
const { lang } = document.documentElement;
const form = at("ballot");
const page = form && JSON.parse(at("ballot-data").textContent);
const name = `part-${code}`;
let base, key, pause = 2000, timer, busy = false, shownAt = 0;
let current, ahead = [], done = new Set(), trail = [];

at("leave")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  location.replace(event.currentTarget.href);
});

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const opened = () => {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("acts", { keyPath: "sequence" });
    request.result.createObjectStore("kept");
  };
  return settled(request);
};

// Resolves when the writing is on the disk, with what `work` returned.
const write = (work) => new Promise((resolve, reject) => {
  const act = base.transaction(["acts", "kept"], "readwrite", { durability: "strict" });
  const found = Promise.resolve(work(act.objectStore("acts"), act.objectStore("kept")));
  found.catch(reject);
  act.oncomplete = () => resolve(found);
  act.onerror = act.onabort = () => reject(act.error);
});

const waiting = () => settled(base.transaction("acts").objectStore("acts").getAll());

const say = (text) => {
  const line = document.createElement("p");
  line.className = "notice is-error";
  line.textContent = text;
  at("say")?.replaceChildren(...(text ? [line] : []));
};

const pending = async () => (await waiting()).filter((one) => one.key === key)
  .map((one) => one.statement);

const badge = async () => {
  const count = (await waiting()).length;
  const place = at("waits");
  if (!place) return;
  place.hidden = !count;
  place.textContent = place.dataset.say.replace("{n}", count);
};

const keep = (choice, important) => write(async (acts, kept) => {
  // Only the order of one's own votes is told: a counter that the page began, and no clock.
  const last = (await settled(kept.get("last"))) ?? 0;
  const sequence = Math.max(last + 1, page.sequence);
  kept.put(sequence, "last");
  acts.put({ sequence, statement: current.statement, choice, important, key });
});

const remember = () => write((acts, kept) => {
  kept.put(ahead, "ahead");
  kept.put([...done], "done");
});

const send = async () => {
  for (;;) {
    const all = await waiting();
    if (!all.length) return true;
    const [{ key: holder }] = all;
    const votes = all.filter((one) => one.key === holder).slice(0, 50);
    const answer = await fetch(`/api/d/${code}/votes`, {
      method: "POST",
      // Votes that somebody else left on this phone are not sent in this person's name.
      credentials: !key || holder === key ? "same-origin" : "omit",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ votes, key: holder, language: lang }),
    });
    const { results, code: why } = await answer.json();
    if (!results) {
      if ((answer.status < 500 || why === "paused") && page) say(page.say[why] ?? page.say.other);
      return false;
    }
    const over = results.filter((one) => one.status !== "unknown");
    await write((acts) => over.forEach((one) => acts.delete(one.sequence)));
    const refused = over.find((one) => one.status === "refused");
    if (refused && page) say(page.say[refused.code] ?? page.say.other);
    if (over.length < votes.length) return false;
  }
};

// One tab sends at a time; without locks the server counts what comes twice once.
const flush = async () => {
  if (!base) return false;
  clearTimeout(timer);
  const held = navigator.locks
    ? navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && send())
    : send();
  const empty = await held.catch(() => false);
  pause = empty ? 2000 : Math.min(pause * 2, 60000);
  if (!empty) timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
  await badge();
  return Boolean(empty);
};

const show = (item, focus = true) => {
  current = item;
  shownAt = performance.now();
  const language = item.text[lang] ? lang : Object.keys(item.text)[0];
  const place = at("statement");
  place.textContent = item.text[language];
  place.lang = language;
  form.statement.value = item.statement;
  form.important.checked = Boolean(item.important);
  for (const button of form.querySelectorAll("[name=choice]"))
    button.setAttribute("aria-pressed", String(Number(button.value) === (item.choice ?? 9)));
  for (const link of document.querySelectorAll("[data-language]"))
    link.search = `?statement=${item.statement}`;
  const count = Math.min(done.size, page.of);
  at("gauge").value = count;
  at("count").textContent = page.say.progress.replace("{n}", count).replace("{of}", page.of);
  at("back").hidden = !trail.length && at("back").href.endsWith("=0");
  if (focus) place.focus({ preventScroll: true });
};

// Fetches up to `depth` statements; null when there is no more.
const fetchAhead = async (depth) => {
  while (ahead.length < depth) {
    const not = [current.statement, ...await pending(), ...ahead.map((one) => one.statement)];
    const answer = await fetch(`/api/d/${code}/next?not=${not}`);
    const { next, code: why } = await answer.json();
    if (!answer.ok) throw new Error(why);
    if (!next) return null;
    const known = [current, ...ahead].some((one) => one.statement === next.statement);
    if (!known && !done.has(next.statement)) ahead.push(next);
    await remember();
  }
  return ahead;
};

const advance = async () => {
  ahead = ahead.filter((one) => !done.has(one.statement));
  if (!ahead.length) {
    const more = await fetchAhead(1).catch((error) => say(page.say[error.message] ?? page.say.offline));
    if (more === null && (await flush())) location.assign(form.action);
  }
  if (!ahead.length) return;
  show(ahead.shift());
  remember();
};

const keepOffline = async () => {
  const worker = navigator.serviceWorker;
  if (!worker || worker.controller) return;
  await worker.register("/part.js", { scope: `/${lang}/d/${code}/` });
  const { active } = await worker.ready;
  const files = performance.getEntriesByType("resource").map((one) => one.name)
    .filter((one) => one.includes("/static/"));
  active.postMessage([form.action, ...files]);
};

const cast = async (event) => {
  if (!base || event.submitter?.name !== "choice") return;
  event.preventDefault();
  // A second tap is meant for the statement that was there before.
  if (busy || performance.now() - shownAt < 350) return;
  busy = true;
  const choice = Number(event.submitter.value);
  const important = form.important.checked;
  try {
    await keep(choice, important);
    say("");
    trail = [...trail.filter((one) => one.statement !== current.statement),
      { ...current, choice, important }];
    done.add(current.statement);
    await badge();
    flush();
    await advance();
    fetchAhead(3).catch(() => null).then(keepOffline).catch(() => null);
  } catch {
    say(page.say.kept);
  } finally {
    busy = false;
  }
};

const goBack = (event) => {
  const earlier = trail.pop();
  if (!earlier) return;
  event.preventDefault();
  if (!done.has(current.statement)) ahead.unshift(current);
  show(earlier);
};

const begin = async () => {
  base = await opened();
  base.onversionchange = () => base.close();
  if (page) {
    current = page;
    const [kept, old] = await write(async (acts, store) => {
      // Closed since: who holds the phone now is not told who was here.
      if (page.fresh && (await settled(store.get("fresh"))) !== page.fresh) store.clear();
      if (page.fresh) store.put(page.fresh, "fresh");
      // Stands for the same person as the cookie, which a browser that is closed forgets.
      const before = await settled(store.get("key"));
      key = page.ticket;
      store.put(key, "key");
      for (const one of before ? await settled(acts.getAll()) : [])
        if (one.key === before) acts.put({ ...one, key });
      return [await settled(store.get("ahead")), await settled(store.get("done"))];
    });
    const mine = await pending();
    done = new Set([...page.done, ...mine, ...(navigator.onLine ? [] : old ?? [])]);
    ahead = (kept ?? []).filter((one) => !done.has(one.statement)
      && one.statement !== page.statement);
    form.addEventListener("submit", cast);
    at("back").addEventListener("click", goBack);
    if (done.has(page.statement) && !location.search) await advance();
    else fetchAhead(1).catch(() => null);
  }
  for (const kind of ["online", "pageshow"]) addEventListener(kind, flush);
  document.addEventListener("visibilitychange", flush);
  await flush();
};

if (code && self.indexedDB) begin().catch(() => { base = undefined; });
