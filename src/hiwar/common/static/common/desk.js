// Small helps for the desk alone. Everything here works without it.

function dialogTrigger(link) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}

function dropZone(zone) {
  for (const [kind, over] of [["dragenter", true], ["dragleave", false], ["drop", false]])
    zone.addEventListener(kind, () => zone.classList.toggle("is-over", over));
}

for (const link of document.querySelectorAll("[data-dialog]")) dialogTrigger(link);
for (const zone of document.querySelectorAll(".drop")) dropZone(zone);

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
