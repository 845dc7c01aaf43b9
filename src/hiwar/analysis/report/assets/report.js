"use strict";
(() => {
  const table = document.getElementById("all");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const find = document.getElementById("find");
  const only = document.getElementById("only");
  const left = document.getElementById("left");
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0652\u0670\u0640]/g, "")
    .replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");
  const texts = rows.map((row) => fold(row.textContent));

  const filter = () => {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = words.every((word) => texts[at].includes(word)) &&
        (!only.value || row.dataset.v === only.value);
      row.hidden = !fits;
      shown += fits;
    });
    left.textContent = `${shown} / ${rows.length}`;
  };
  find.addEventListener("input", filter);
  only.addEventListener("change", filter);
  document.querySelector(".tools").hidden = false;
  filter();

  const value = (row, column, kind) => {
    const text = row.cells[column].textContent.trim();
    if (kind !== "num") return text;
    const number = parseFloat(text.replace(/,/g, "").replace("−", "-"));
    return Number.isNaN(number) ? -Infinity : number;
  };
  table.querySelectorAll("th[data-sort]").forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const kind = head.dataset.sort;
      const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : kind === "num" && head.cellIndex > 0;
      table.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = (a, b) => {
        const x = value(a, head.cellIndex, kind), y = value(b, head.cellIndex, kind);
        return kind === "num" ? (x === y ? 0 : x < y ? -1 : 1) : x.localeCompare(y, document.documentElement.lang);
      };
      body.append(...[...rows].sort((a, b) => (down ? -1 : 1) * compare(a, b)));
    });
  });

  // Arrow keys move between the groups of the map; Tab still reaches each, so nothing is lost.
  document.querySelectorAll("svg.people").forEach((map) => {
    const links = [...map.querySelectorAll("a")];
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    map.addEventListener("keydown", (event) => {
      const at = links.indexOf(document.activeElement);
      let to = -1;
      if (event.key in steps) to = (at + steps[event.key] + links.length) % links.length;
      if (event.key === "Home") to = 0;
      if (event.key === "End") to = links.length - 1;
      if (at < 0 || to < 0) return;
      event.preventDefault();
      links[to].focus();
    });
  });

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
})();
