// Removes from this phone what the pages of a dialogue keep on it, then asks the server to do so:
// votes that still wait here would otherwise be sent after everything else was taken out.
const { code, who } = document.body.dataset;
const name = `part-${code}`;

// Takes out what waits in one's own name; what others left waiting is given three seconds to go out.
const forgetMe = () => new Promise((resolve) => {
  const drop = () => { indexedDB.deleteDatabase(name); resolve(); };
  const request = indexedDB.open(name);
  request.onerror = resolve;
  request.onupgradeneeded = () => request.transaction.abort();
  request.onsuccess = () => {
    const base = request.result;
    base.onversionchange = () => base.close();
    const all = base.transaction("acts", "readwrite").objectStore("acts");
    all.getAll().onsuccess = ({ target }) => {
      const others = target.result.filter((act) => act.key !== who);
      for (const act of target.result) if (act.key === who) all.delete(act.sequence);
      if (!others.length) return drop();
      dispatchEvent(new Event("online"));
      return setTimeout(drop, 3000);
    };
  };
});

for (const form of document.querySelectorAll("form[data-forget]")) {
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    // Another button of the form is the browser's.
    if (submitter?.name && submitter.value !== "erase") return;
    event.preventDefault();
    await forgetMe();
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
