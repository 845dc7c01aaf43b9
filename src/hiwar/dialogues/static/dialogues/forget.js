// Removes from this phone what the pages of a dialogue keep on it, then asks the server to do so.
document.getElementById("forget").addEventListener("submit", async (event) => {
  if (event.submitter?.name) return;
  event.preventDefault();
  indexedDB.deleteDatabase(`part-${document.body.dataset.code}`);
  if (self.caches) await caches.delete("part");
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const worker of workers) await worker.unregister();
  event.target.submit();
});
