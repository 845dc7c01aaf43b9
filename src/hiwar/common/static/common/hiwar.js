// Small helps for every page. Everything here works without it.

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

function dismissButton(button) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest("[data-dismissable]").remove());
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

const helps = {
  "[data-theme-switch]": themeSwitch,
  "[data-dismiss]": dismissButton,
  "time[data-relative]": relativeTime,
};

for (const [selector, help] of Object.entries(helps))
  for (const element of document.querySelectorAll(selector)) help(element);

document.querySelector("[data-focus]")?.focus();

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

// Copies the address of the page. Without script it stands in a field that can be copied by hand.
const copy = document.getElementById("copy");
if (copy) {
  const field = document.getElementById("address");
  const told = document.getElementById("copied");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // An address without a lock, or an old browser.
      if (!document.execCommand("copy")) return;
    }
    told.textContent = told.dataset.say;
  });
}
