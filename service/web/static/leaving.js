/* Signing out where records without a network were made (offline.js). */
"use strict";
(() => {
  /* Signing out takes everything off this browser: records that still wait to be sent are sent first. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/sign-out" || !window.indexedDB) return;
    event.preventDefault();
    const waiting = await recordsWaiting();
    if (!waiting) { await forgetRecords(); form.submit(); return; }
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    document.dispatchEvent(new CustomEvent("complain", { detail: `未送信の記録が${waiting}件あります。「フォローアップ」の「電波のない所で」を開いて、送ってからサインアウトしてください。` }));
  });
  /* The server's answer clears this browser as well; it would wait for what is still open here. */
  async function forgetRecords() {
    if (navigator.serviceWorker) await Promise.all((await navigator.serviceWorker.getRegistrations()).map((one) => one.unregister()));
    if (window.caches) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase("tsunagi-offline");
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  }
  async function recordsWaiting() {
    const known = indexedDB.databases ? await indexedDB.databases() : [];
    if (!known.some((database) => database.name === "tsunagi-offline")) return 0;
    return new Promise((resolve) => {
      const request = indexedDB.open("tsunagi-offline");
      request.onerror = () => resolve(0);
      request.onsuccess = () => {
        const database = request.result;
        if (!database.objectStoreNames.contains("queue")) return resolve(0);
        const count = database.transaction("queue", "readonly").objectStore("queue").count();
        count.onsuccess = () => { database.close(); resolve(count.result); };
        count.onerror = () => { database.close(); resolve(0); };
      };
    });
  }
})();
