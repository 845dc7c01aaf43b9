// Copies the address of the page. Without script it stands in a field that can be copied by hand.
const button = document.getElementById("copy");
const field = document.getElementById("address");
const told = document.getElementById("copied");

button.hidden = false;
button.addEventListener("click", async () => {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // An address without a lock, or an old browser.
    if (!document.execCommand("copy")) return;
  }
  told.textContent = told.dataset.say;
});
