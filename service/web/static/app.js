/* Small aids on top of pages that work without a script. Nothing typed is ever kept in the browser's storage. */
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const narrow = window.matchMedia("(max-width: 760px)");
  root.classList.add("scripted");

  /* Say it aloud: the text goes into the page's live region. */
  function announce(text) {
    const live = document.getElementById("live");
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 60);
  }

  /* A box in the corner for a failed request, with what to do next. */
  function complain(text) {
    all(".toast").forEach((old) => old.remove());
    const box = document.createElement("div");
    const close = document.createElement("button");
    box.className = "toast flash error";
    box.setAttribute("role", "alert");
    box.append(text);
    close.className = "link";
    close.textContent = "閉じる";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    document.body.append(box);
  }

  document.addEventListener("complain", (event) => complain(event.detail));

  /* Unsaved input: ask before leaving a form[data-guard]. */
  const unsaved = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) unsaved.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (Array.from(unsaved).some((form) => form.isConnected)) event.preventDefault();
  });

  /* One press, one sending: the buttons rest after the first (htmx and downloads look after themselves). */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    unsaved.delete(form);
    if (form.method !== "post" || form.matches("[data-repeatable], [hx-post], [hx-put], [hx-delete]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("button", form).forEach((button) => { button.disabled = false; });
    });
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });

  /* "/" goes to the search box, unless somebody is typing or has turned single keys off. */
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    const find = document.getElementById("find");
    if (event.key !== "/" || typing || !find || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.body.hasAttribute("data-no-single-key")) return;
    event.preventDefault();
    find.focus();
    find.select();
  });

  /* List and map in step: what is under the pointer or has the focus is lit in both. A place on a map is a link to its card. */
  function light(event) {
    const part = event.target.closest ? event.target.closest("[data-marker], .map-marker") : null;
    all(".is-lit").forEach((lit) => lit.classList.remove("is-lit"));
    if (!part) return;
    const place = CSS.escape(part.dataset.marker || part.getAttribute("href").slice(1));
    all(`[data-marker="${place}"], .map-marker[href="#${place}"]`).forEach((same) => same.classList.add("is-lit"));
  }
  document.addEventListener("mouseover", light);
  document.addEventListener("focusin", light);

  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    const text = "value" in source ? source.value : source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
      announce("写しました");
      button.textContent = "✓ 写しました";
    } catch {
      window.getSelection().selectAllChildren(source);
      announce("文を選びました。Ctrlキーを押しながらCで写せます");
    }
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && "print" in button.dataset) window.print();
    if (button && button.dataset.copy) copy(button);
    if (button && button.dataset.tickAll) all(`input[type=checkbox][form="${button.dataset.tickAll}"]`).forEach((tick) => { tick.checked = true; });
  });

  /* Letters left under a textarea[data-limit]. */
  function count(area) {
    const left = Number(area.dataset.limit) - Array.from(area.value).length;
    const note = document.getElementById(`${area.id}-count`);
    if (!note) return;
    note.textContent = left < 0 ? `${-left}字多いです（${area.dataset.limit}字まで）` : `あと${left}字`;
    note.classList.toggle("over", left < 0);
  }
  document.addEventListener("input", (event) => { if (event.target.dataset.limit) count(event.target); });

  /* What a fresh page or fragment needs at once. */
  function prepare(part) {
    all("textarea[data-limit]", part).forEach(count);
    const summary = part.querySelector("[data-error-summary]");
    if (summary) summary.focus();
    all("[data-announce]", part).forEach((said) => announce(said.textContent.trim().replace(/\s+/g, " ")));
  }
  document.addEventListener("DOMContentLoaded", () => {
    if (narrow.matches) all("details[data-fold]").forEach((fold) => { fold.open = false; });
    const here = document.querySelector(".nav [aria-current]");
    if (here && here.parentElement.scrollWidth > here.parentElement.clientWidth) here.parentElement.scrollLeft = here.offsetLeft - 40;
    prepare(document);
  });

  document.addEventListener("htmx:afterSettle", (event) => prepare(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form && event.detail.successful) unsaved.delete(form);
  });
  document.addEventListener("htmx:sendError", () => complain("つながりません。入力はこの画面に残っています。少し待ってからもう一度お試しください。"));
  document.addEventListener("htmx:responseError", (event) => complain(
    event.detail.xhr.status === 401 || event.detail.xhr.status === 403
      ? "サインインが切れたか、権限がありません。入力を写してから、画面を開き直してください。"
      : "うまくいきませんでした。入力はこの画面に残っています。もう一度お試しください。"));
})();
