/* Keeps the page for records without a network, and its parts; the page holds nothing about a person. */
"use strict";
const KEPT = "tsunagi-offline-page";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(event.data.keep)));
});
self.addEventListener("fetch", (event) => {
  const at = new URL(event.request.url);
  if (event.request.method !== "GET" || at.origin !== self.location.origin) return;
  if (at.pathname === "/followup/offline" || at.pathname.startsWith("/static/")) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request, { ignoreSearch: at.pathname === "/followup/offline" })));
  }
});
