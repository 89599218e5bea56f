// The scanner's page and what it is made of, for hours without a connection. Nothing else is kept, and of the page only
// what names nobody. A newer page replaces the kept one whenever there is a connection.
const KEPT = "scanner";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const fromNetwork = async (request) => {
  const answer = await fetch(request);
  const isOurs = new URL(request.url).origin === self.location.origin;
  if (isOurs && answer.ok && !answer.redirected) {
    const kept = await caches.open(KEPT);
    await kept.put(request, answer.clone());
  }
  return answer;
};

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(
    fromNetwork(event.request).catch(async (error) => {
      const kept = await caches.match(event.request, { ignoreVary: true });
      if (kept) return kept;
      throw error;
    }),
  );
});
