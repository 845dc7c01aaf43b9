// Computes the checksum of the frozen text again: its bytes, and its canonical form.
"use strict";
(async () => {
  const place = document.getElementById("check");
  if (!place) return;
  const said = place.querySelector("[role=status]");
  const hex = async (text) => {
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  // Keys are sorted by their code points, as the server does.
  const byPoints = (one, other) => {
    const a = [...one].map((letter) => letter.codePointAt(0));
    const b = [...other].map((letter) => letter.codePointAt(0));
    for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) return a[at] - b[at];
    return a.length - b.length;
  };
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") {
      const keys = Object.keys(value).sort(byPoints);
      return `{${keys.map((key) => `${JSON.stringify(key.normalize("NFC"))}:${canonical(value[key])}`).join(",")}}`;
    }
    return JSON.stringify(typeof value === "string" ? value.normalize("NFC") : value);
  };
  try {
    const text = await (await fetch(place.dataset.json)).text();
    const isSame = (await hex(text)) === place.dataset.sum && (await hex(canonical(JSON.parse(text)))) === place.dataset.sum;
    said.textContent = isSame ? said.dataset.same : said.dataset.other;
    said.className = isSame ? "notice tone-success" : "notice tone-danger";
  } catch {
    said.textContent = said.dataset.none;
  }
})();
