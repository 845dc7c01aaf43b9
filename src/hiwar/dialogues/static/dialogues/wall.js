// Keeps the wall fresh: one small answer every three seconds, while somebody looks.

const wall = document.querySelector("[data-wall]");
const bars = wall.querySelector("[data-bars]");
const few = wall.querySelector("[data-few]");
const PAUSE = 3000;
const numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${wall.dataset.numerals}`);

document.querySelector("[data-refresh]").hidden = true;

function draw(now) {
  for (const place of wall.querySelectorAll("[data-number]"))
    place.textContent = now[place.dataset.number] == null ? "" : numbers.format(now[place.dataset.number]);
  for (const words of wall.querySelectorAll("[data-verdict]"))
    words.hidden = words.dataset.verdict !== now.verdict;
  wall.querySelector("[data-counts]").hidden = now.participants === null;
  if (!bars) return;
  bars.hidden = now.agree === null;
  few.hidden = now.agree !== null;
  const whole = now.agree + now.disagree + now.pass || 1;
  let from = 0;
  for (const kind of ["agree", "disagree", "pass"]) {
    const width = (100 * now[kind]) / whole;
    const bar = bars.querySelector(`[data-bar="${kind}"]`);
    bar.setAttribute("x", `${from}%`);
    bar.setAttribute("width", `${width}%`);
    from += width;
  }
}

async function refresh() {
  try {
    if (!document.hidden) {
      const answer = await fetch(wall.dataset.wall, { credentials: "omit" });
      if (answer.ok) draw(await answer.json());
    }
  } catch {
    // The network went away: what stands there stays until it returns.
  }
  setTimeout(refresh, PAUSE);
}

refresh();
