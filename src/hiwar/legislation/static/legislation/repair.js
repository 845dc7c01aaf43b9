// One key for each repair of a text. Without script, the same buttons do the same.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, select, input")) return;
  // The key's place counts where the keyboard writes Arabic.
  const key = event.key.length === 1 && event.key < "\u0080" ? event.key : event.code.replace("Key", "");
  const target = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("textarea")) target.focus();
  else target.click();
});
