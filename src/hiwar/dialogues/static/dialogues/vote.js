// Votes are kept on the phone, then sent. Where it keeps nothing, the form is posted as it is.
const at = (id) => document.getElementById(id);
const { code } = document.body.dataset;
const { lang } = document.documentElement;
const form = at("ballot");
const page = form && JSON.parse(at("ballot-data").textContent);
const name = `part-${code}`;
const another = document.querySelector("[data-another]");
// Counters of one day.
const DAY = 2 ** 32;
let base, key = document.body.dataset.who, pause = 2000, timer, busy = false, shownAt = 0;
let current, texts = [], ahead = [], done = new Set(), trail = [];

// Who holds the phone in this tab since it was handed over without a network, until the server knows.
const handed = (...to) => {
  try {
    if (to.length) sessionStorage.setItem(name, to[0]);
    return sessionStorage.getItem(name) || "";
  } catch {
    return "";
  }
};
const isNew = (holder) => holder && !holder.includes(".");

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

const peopleIn = async (kept) => (await settled(kept.get("people"))) ?? [];

// Writes who votes here into the list of those who did: which statements, and never how.
const note = async (kept, change) => {
  const people = await peopleIn(kept);
  const before = people.find((person) => person.key === key);
  const mine = { ...before, key, name: page.name ?? before?.name, done: [...done] };
  kept.put([...people.filter((person) => person !== before), { ...mine, ...change(mine) }], "people");
};

const keep = (choice, important) => write((acts, kept) => note(kept, ({ last = 0 }) => {
  // Only the order of one's own votes is told: a counter that the page began, and no clock.
  const sequence = Math.max(last + 1, page.sequence);
  acts.put({ sequence, statement: current.statement, choice, important, key });
  return { last: sequence, done: [...new Set([...done, current.statement])] };
}));

const remember = () => write((acts, kept) => kept.put(texts.slice(-60), "texts"));

// A newcomer is known to the server: what waits is hers under her ticket, not under the key of a phone.
const rename = (before, ticket) => write(async (acts, kept) => {
  for (const act of await settled(acts.getAll()))
    if (act.key === before) acts.put({ ...act, key: ticket });
  const people = await peopleIn(kept);
  kept.put(people.map((person) => (person.key === before ? { ...person, key: ticket } : person)), "people");
  key = ticket;
  handed("");
});

// Of those whose votes are all with the server only who has the phone now is still offered.
const forgetOthers = () => write(async (acts, kept) => {
  kept.put((await peopleIn(kept)).filter((person) => person.key === key), "people");
});

const send = async () => {
  for (;;) {
    const all = await waiting();
    if (!all.length) {
      if (key) await forgetOthers();
      return true;
    }
    const [{ key: holder }] = all;
    const votes = all.filter((one) => one.key === holder).slice(0, 50);
    const claim = holder === key && isNew(key);
    const answer = await fetch(`/api/d/${code}/votes`, {
      method: "POST",
      // Votes that somebody else left on this phone are not sent in this person's name.
      credentials: isNew(holder) && !claim ? "omit" : "same-origin",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ votes, key: holder, language: lang, claim }),
    });
    const { results, code: why, ticket } = await answer.json();
    if (!results) {
      if ((answer.status < 500 || why === "paused") && page) say(page.say[why] ?? page.say.other);
      return false;
    }
    const over = results.filter((one) => one.status !== "unknown");
    await write((acts) => over.forEach((one) => acts.delete(one.sequence)));
    const refused = over.find((one) => one.status === "refused");
    if (refused && page) say(page.say[refused.code] ?? page.say.other);
    if (claim && ticket) await rename(holder, ticket);
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
  form.hidden = false;
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
    const isMine = key === page.ticket;
    const not = [current.statement, ...await pending(), ...ahead.map((one) => one.statement),
      ...(isMine ? [] : done)];
    const answer = await fetch(`/api/d/${code}/next?not=${not}`,
      { credentials: isMine ? "same-origin" : "omit" });
    const { next, code: why } = await answer.json();
    if (!answer.ok) throw new Error(why);
    if (!next) return null;
    const known = [current, ...ahead].some((one) => one.statement === next.statement);
    if (!known && !done.has(next.statement)) ahead.push(next);
    texts = [...texts.filter((one) => one.statement !== next.statement), next];
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
};

// The page is somebody's who is not whose it was: nothing of what the other said stays on it.
const become = async (person) => {
  key = person.key;
  handed(isNew(key) ? key : "");
  done = new Set([...person.done, ...await pending()]);
  trail = [];
  page.name = person.name;
  page.sequence += (person.last % DAY) + 1 - (page.sequence % DAY);
  await write((acts, kept) => note(kept, ({ last = person.last }) => ({ last })));
  current = { statement: 0 };
  form.hidden = true;
  form.reset();
  at("back").href = `${form.action}?statement=0`;
  at("who").textContent = "";
  another.hidden = false;
  say("");
  ahead = texts.filter((one) => !done.has(one.statement)).sort(() => Math.random() - 0.5);
  await advance();
};

let isKept = page?.kept;
const keepOffline = async () => {
  if (isKept) return;
  isKept = true;
  another.hidden = false;
  await import(another.dataset.script);
  const worker = navigator.serviceWorker;
  if (!worker) return;
  await worker.register("/part.js", { scope: `/${lang}/d/${code}/` });
  const { active } = await worker.ready;
  const files = performance.getEntriesByType("resource").map((one) => one.name)
    .filter((one) => one.includes("/static/"));
  active.postMessage([`${form.action}kept/`, ...files]);
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
    const mine = handed();
    const people = await write(async (acts, store) => {
      // Closed since: who holds the phone now is not told who was here.
      const isOther = page.fresh && (await settled(store.get("fresh"))) !== page.fresh;
      if (isOther && !isNew(mine)) store.clear();
      if (page.fresh) store.put(page.fresh, "fresh");
      texts = (await settled(store.get("texts"))) ?? [];
      return peopleIn(store);
    });
    if (!page.kept) {
      key = page.ticket;
      page.name = at("who").querySelector("bdi").textContent;
      texts = [...texts.filter((one) => one.statement !== page.statement),
        { statement: page.statement, text: page.text }];
      await remember();
    }
    done = new Set([...page.done, ...await pending()]);
    ahead = texts.filter((one) => !done.has(one.statement) && one.statement !== page.statement);
    addEventListener("become", (event) => become(event.detail));
    form.addEventListener("submit", cast);
    at("back").addEventListener("click", goBack);
    const person = people.find((one) => one.key === mine);
    if (page.kept) {
      dispatchEvent(new CustomEvent("who", { detail: people.filter((one) => one.done.length) }));
    } else if (isNew(mine) && person) {
      // Whoever took the phone without a network is not whose cookie it still has.
      await become(person);
      if ((await flush()) && !isNew(key)) location.reload();
      else if (!person.done.length && navigator.onLine) {
        handed("");
        if (!page.fresh) another.submit();
      }
    } else if (done.has(page.statement) && !location.search) await advance();
    else fetchAhead(1).catch(() => null);
  }
  for (const kind of ["online", "pageshow"]) addEventListener(kind, flush);
  document.addEventListener("visibilitychange", flush);
  await flush();
};

if (code && self.indexedDB) begin().catch(() => { base = undefined; });
