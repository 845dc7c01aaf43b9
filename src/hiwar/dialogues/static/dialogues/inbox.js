// The inbox by keyboard: j and k go from one to the next, x chooses. Without script, tab and space.

const form = document.querySelector("[data-inbox]");
const boxes = form ? [...form.querySelectorAll("[data-item] input[type='checkbox']")] : [];
const counted = form?.querySelector("[data-chosen]");

const count = () => {
  const chosen = boxes.filter((box) => box.checked).length;
  counted.hidden = !chosen;
  counted.querySelector("span").textContent = chosen.toLocaleString(document.documentElement.lang);
};

const keyOf = (event) =>
  event.key.length === 1 && event.key < "\u0080" ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();

if (form) {
  count();
  form.addEventListener("change", count);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type='checkbox'])")) return;
    const key = keyOf(event);
    const at = boxes.indexOf(document.activeElement);
    if (key === "j" || key === "k") {
      event.preventDefault();
      const next = at < 0 ? 0 : at + (key === "j" ? 1 : -1);
      boxes[Math.min(Math.max(next, 0), boxes.length - 1)].focus();
    } else if (key === "x" && at >= 0) {
      event.preventDefault();
      boxes[at].click();
    }
  });
}
