// Removes from this phone what the pages of a dialogue keep on it, then asks the server to do so:
// votes that still wait here would otherwise be sent after everything else was taken out.
for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    // Another button of the form is the browser's.
    if (submitter?.name && submitter.value !== "erase") return;
    event.preventDefault();
    indexedDB.deleteDatabase(`part-${document.body.dataset.code}`);
    if (self.caches) await caches.delete("part");
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    for (const worker of workers) await worker.unregister();
    if (submitter?.name) {
      const pressed = document.createElement("input");
      pressed.type = "hidden";
      pressed.name = submitter.name;
      pressed.value = submitter.value;
      form.append(pressed);
    }
    form.submit();
  });
}
