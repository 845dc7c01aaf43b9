// One key for each decision of a moderator. Without script, the same buttons do the same.

const isTyping = (element) => element.matches("textarea, select, input:not([type='radio'], [type='checkbox'])");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  // The key's place counts where the keyboard writes Arabic.
  const key = event.key.length === 1 && event.key < "\u0080" ? event.key : event.code.replace("Key", "");
  const target = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.type === "radio") target.focus();
  else target.click();
});
