/* Records without a network. The day's own visits and what waits to be sent lie encrypted in this browser, under a key that
   never leaves it; signing out, or the end of the day, takes key and data away. The server keeps one record for one number. */
"use strict";
(() => {
  const page = document.querySelector("[data-offline]");
  if (!page) return;
  const form = page.querySelector("form");
  const list = page.querySelector("[data-visits]");
  const waiting = page.querySelector("[data-waiting]");
  const said = page.querySelector("[data-said]");
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date());

  /* A small store: key, the day's list, and records that wait. */
  const open = new Promise((resolve, reject) => {
    const request = indexedDB.open("tsunagi-offline", 1);
    request.onupgradeneeded = () => ["keys", "day", "queue"].forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => { request.result.onversionchange = () => request.result.close(); resolve(request.result); };
    request.onerror = () => reject(request.error);
  });
  const ask = async (store, mode, act) => {
    const database = await open;
    return new Promise((resolve, reject) => {
      const request = act(database.transaction(store, mode).objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  const get = (store, name) => ask(store, "readonly", (rows) => rows.get(name));
  const put = (store, name, value) => ask(store, "readwrite", (rows) => rows.put(value, name));
  const drop = (store, name) => ask(store, "readwrite", (rows) => rows.delete(name));
  const names = (store) => ask(store, "readonly", (rows) => rows.getAllKeys());

  async function key() {
    const kept = await get("keys", "own");
    if (kept) return kept;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await put("keys", "own", made);
    return made;
  }
  async function lock(value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, text: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), text) };
  }
  async function unlock(kept) {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await key(), kept.text);
    return JSON.parse(new TextDecoder().decode(text));
  }

  /* The day's visits: fresh where there is a network, else what was kept today. */
  async function loadDay() {
    try {
      const answer = await fetch("/followup/offline/today", { headers: { accept: "application/json" } });
      if (answer.redirected || answer.status === 401) return say("サインインし直してください。送っていない記録は残っています。");
      if (!answer.ok) throw new Error(String(answer.status));
      const day = { on: today(), ...(await answer.json()) };
      await put("day", "today", await lock(day));
      show(day);
    } catch {
      const kept = await get("day", "today");
      const day = kept && (await unlock(kept));
      if (day && day.on === today()) show(day);
      else { if (kept) await drop("day", "today"); say("電波のある所で一度開くと、今日の予定が入ります。"); }
    }
  }
  function show(day) {
    list.replaceChildren(...day.visits.map((visit) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn wide";
      button.textContent = `${visit.time} ${visit.kind} ${visit.person} さん ${visit.host}`;
      button.addEventListener("click", () => choose(visit));
      item.append(button);
      return item;
    }));
    page.querySelector("[data-none]").hidden = day.visits.length > 0;
  }
  function choose(visit) {
    form.hidden = false;
    form.dataset.visit = visit.id;
    form.reset();
    form.querySelector("[data-about]").textContent = `${visit.person} さん　${visit.kind}`;
    form.elements.done_on.value = today();
    form.querySelector("input:not([type=hidden])").focus();
  }

  /* Everything typed goes into the queue first, under a number of its own, and leaves it when the server has it. */
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = crypto.randomUUID();
    const fields = Object.fromEntries(new FormData(form));
    delete fields._csrf_token;
    await put("queue", number, await lock({ visit: form.dataset.visit, about: form.querySelector("[data-about]").textContent, fields }));
    form.hidden = true;
    say("この電話に預かりました。");
    await send();
  });
  async function send() {
    for (const number of await names("queue")) {
      const record = await unlock(await get("queue", number));
      const body = new URLSearchParams({ ...record.fields, _once: number, _csrf_token: form.elements._csrf_token.value });
      try {
        const answer = await fetch(`/followup/${record.visit}/record`, { method: "POST", body });
        if (answer.ok && answer.url.includes("/followup/")) { await drop("queue", number); say("送りました。"); }
        else if (answer.status === 422 || answer.status === 409) say(`${record.about}：足りないところがあり、まだ送れていません。電波のある所で、フォローアップの画面から記録してください。`);
        else say("サインインし直すと送れます。記録は残っています。");
      } catch { break; }
    }
    await count();
  }
  async function count() {
    const number = (await names("queue")).length;
    waiting.textContent = `未送信 ${number}`;
    document.documentElement.dataset.unsent = String(number);
  }
  function say(text) { said.textContent = text; }

  /* The page itself works without a network: the worker keeps it and what it is drawn with, and nothing about a person. */
  async function keepPage() {
    if (!("serviceWorker" in navigator)) return;
    try { await navigator.serviceWorker.register("/followup/offline-worker.js", { scope: "/followup/offline" }); }
    catch (error) { if (navigator.onLine) throw error; return; } /* no network just now: the next visit keeps the page */
    const ready = await navigator.serviceWorker.ready;
    const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((part) => part.href || part.src);
    ready.active.postMessage({ keep: [location.pathname, ...parts] });
  }
  window.addEventListener("online", send);
  loadDay().then(send).then(keepPage).catch(() => say("このブラウザーでは、電波のない所での記録は使えません。"));
})();
