// The drawing of a river by the keys. Without script it is a picture, and the list below says all.
// One stop of the tab key; along follows the ways, across stays in the column.

const svg = document.querySelector(".river-drawing");
if (svg) {
  const nodes = [...svg.querySelectorAll(".river-node")];
  const boxes = nodes.map((node) => node.querySelector("rect"));
  const links = (svg.dataset.links || "").split(" ").filter(Boolean).map((pair) => pair.split("-").map(Number));
  const side = (at, name) => Number(boxes[at].getAttribute(name));
  const byCorner = new Map();
  for (const at of nodes.keys()) byCorner.set(side(at, "x"), [...(byCorner.get(side(at, "x")) ?? []), at]);
  const columns = [...byCorner.values()];
  const isMirrored = getComputedStyle(svg).direction === "rtl";
  const column = (at) => columns.findIndex((places) => places.includes(at));

  // What is next along: what it leads to, on the way before others; else beside it.
  function along(at, step) {
    const [from, to] = step > 0 ? [0, 1] : [1, 0];
    const next = links.filter((link) => link[from] === at).map((link) => link[to]);
    const beside = columns[column(at) + step];
    if (!next.length) return beside ? beside[Math.min(columns[column(at)].indexOf(at), beside.length - 1)] : at;
    return next.find((place) => nodes[place].classList.contains("is-on-way")) ?? next[0];
  }

  function across(at, step) {
    const places = columns[column(at)];
    return places[Math.max(0, Math.min(places.length - 1, places.indexOf(at) + step))];
  }

  const moves = {
    ArrowRight: (at) => along(at, isMirrored ? -1 : 1),
    ArrowLeft: (at) => along(at, isMirrored ? 1 : -1),
    ArrowDown: (at) => across(at, 1),
    ArrowUp: (at) => across(at, -1),
    Home: () => columns[0][0],
    End: () => columns.at(-1)[0],
  };

  const own = svg.insertBefore(document.createElementNS(svg.namespaceURI, "g"), nodes[0] ?? null);
  function showOwn(at) {
    const size = [side(at, "width"), side(at, "height") / 2];
    own.replaceChildren();
    for (const link of at === null ? [] : links.filter((pair) => pair.includes(at))) {
      const [start, end] = link.map((place) => [side(place, "x"), side(place, "y") + size[1]]);
      if (start[0] < end[0]) start[0] += size[0];
      else end[0] += size[0];
      const middle = (start[0] + end[0]) / 2;
      const path = document.createElementNS(svg.namespaceURI, "path");
      path.setAttribute("class", "ribbon is-own");
      path.setAttribute("d", `M${start}C${middle} ${start[1]} ${middle} ${end[1]} ${end}`);
      own.append(path);
    }
  }

  function stay(at) {
    for (const [place, node] of nodes.entries()) node.setAttribute("tabindex", place === at ? "0" : "-1");
  }

  // What is spoken: the record, its station, and which of how many it is there.
  const heads = document.querySelectorAll(".river-head");
  for (const [at, node] of nodes.entries()) {
    const head = heads[Number(node.dataset.station) - 1];
    const places = columns[column(at)];
    const station = `${head.querySelector(".river-word").textContent} ${head.querySelector(".river-disc").textContent}`;
    node.setAttribute("aria-label", `${node.querySelector("title").textContent} (${station}; ${places.indexOf(at) + 1}/${places.length})`);
    node.addEventListener("focus", () => { stay(at); showOwn(at); });
    node.addEventListener("blur", () => own.replaceChildren());
    node.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      nodes[move(at)].focus();
    });
  }
  const first = nodes.findIndex((node) => node.classList.contains("is-on-way"));
  if (nodes.length) stay(Math.max(0, first));
  svg.removeAttribute("aria-hidden");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", svg.dataset.name);
}
