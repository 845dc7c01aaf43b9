// Small helps for the desk and the public pages. Everything here works without it.

const cookie = (theme) =>
  `hiwar_theme=${theme}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;

const isDark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function themeSwitch(button) {
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    document.cookie = cookie(theme);
    button.setAttribute("aria-pressed", String(theme === "dark"));
  });
}

function dialogTrigger(link) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}

function dismissButton(button) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest("[data-dismissable]").remove());
}

// Arabic letters that are typed in several ways count as one; marks and tatweel do not count.
const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\u0640\u064b-\u0655\u0670]/g, "")
    .replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627")
    .replace(/\u0649/g, "\u064a")
    .replace(/\u0629/g, "\u0647")
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .toLowerCase();

function tableFilter(box) {
  const rows = [...document.querySelectorAll(`#${CSS.escape(box.dataset.filter)} tbody tr`)];
  const told = box.querySelector("[data-filter-count]");
  box.hidden = false;
  box.querySelector("input").addEventListener("input", (event) => {
    const words = fold(event.target.value).split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = fold(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
    }
    const shown = rows.filter((row) => !row.hidden).length;
    told.textContent = `${told.dataset.filterCount} ${shown}`;
  });
}

const steps = [
  ["minute", 60],
  ["hour", 3600],
  ["day", 86400],
];

function relativeTime(time) {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds) || Math.abs(seconds) > 7 * 86400) return;
  const [unit, length] = steps.findLast(([, size]) => Math.abs(seconds) >= size) ?? steps[0];
  const language = time.closest("[lang]").lang;
  const words = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { numeric: "auto" });
  const said = document.createElement("span");
  said.className = "muted";
  said.textContent = ` (${words.format(Math.round(seconds / length), unit)})`;
  time.after(said);
}

function dropZone(zone) {
  for (const [kind, over] of [["dragenter", true], ["dragleave", false], ["drop", false]])
    zone.addEventListener(kind, () => zone.classList.toggle("is-over", over));
}

const helps = {
  "[data-theme-switch]": themeSwitch,
  "[data-dialog]": dialogTrigger,
  "[data-dismiss]": dismissButton,
  "[data-filter]": tableFilter,
  "time[data-relative]": relativeTime,
  ".drop": dropZone,
};

for (const [selector, help] of Object.entries(helps))
  for (const element of document.querySelectorAll(selector)) help(element);

document.querySelector("[data-focus]")?.focus();

// The key / leads to the search of the desk, wherever nobody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search-key]");
  const way = document.querySelector(".nav a[href='/desk/search/']");
  if (!box && !way) return;
  event.preventDefault();
  if (box) box.select();
  else location.assign(way.href);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
