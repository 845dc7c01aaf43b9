// Runs one script of the house against a page that has every element it asks for, then presses
// buttons: says for each whether the script took the form over. Node alone, no browser.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [path, buttons] = process.argv.slice(2);
const submits = [];

// Stands for anything: an element, a request that succeeds, a function.
const anything = (own = {}) => new Proxy(function () {}, {
  get(target, name) {
    if (name in own) return own[name];
    if (name === "then") return undefined;
    if (name === Symbol.toPrimitive) return () => "";
    if (name === Symbol.iterator) return function* () {};
    if (name === "addEventListener")
      return (kind, listener) => kind === "submit" && submits.push(listener);
    return anything();
  },
  set(target, name, value) {
    if (name === "onsuccess" || name === "oncomplete") setTimeout(value);
    else own[name] = value;
    return true;
  },
  apply: () => anything(),
  construct: () => anything(),
});

const ballot = '{"done": [], "of": 3, "say": {}, "statement": 1, "sequence": 1}';
const elements = { "ballot-data": anything({ textContent: ballot }) };
const memory = anything({ getItem: () => null });
const page = {
  document: anything({
    getElementById: (id) => elements[id] ?? anything(),
    querySelectorAll: () => [anything()],
    body: anything({ dataset: { code: "abc" } }),
    documentElement: anything({ lang: "en" }),
  }),
  window: anything(), location: anything({ search: "", pathname: "/" }), self: globalThis,
  indexedDB: anything(), navigator: anything({ locks: undefined }), sessionStorage: memory,
  localStorage: memory, caches: anything(), addEventListener: () => undefined,
  FormData: anything(), fetch: () => new Promise(() => undefined), setInterval: () => 0,
};
for (const [name, value] of Object.entries(page))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

await import(pathToFileURL(path));
await new Promise((resolve) => setTimeout(resolve, 60));
const pressed = JSON.parse(buttons).map((button) => {
  let taken = false;
  const event = {
    submitter: button && anything({ ...button, hasAttribute: (name) => name in button }),
    target: anything(), currentTarget: anything(),
    preventDefault: () => { taken = true; },
  };
  for (const listener of submits) Promise.resolve(listener(event)).catch(() => undefined);
  return taken;
});
console.log(JSON.stringify({ listeners: submits.length, pressed }));
process.exit(0);
