// The app without a connection: its files, and the few pages of the record as they were last confirmed.
// A page of the record is kept only where the server says so, for twelve hours at most, and goes as soon as any answer
// shows that nobody is signed in.

const VERSION = "{{ version }}";
const FILES = "pccovid-files-" + VERSION;
const RECORD = "pccovid-record";
const KEPT_FILES = {{ files|safe }};
const ALONG = {{ along|safe }};
const WITHOUT_CONNECTION = "{{ offline }}";
const KEPT_PAGES = {{ pages|safe }};
const HOUR = 60 * 60 * 1000;
const LONGEST = 12 * HOUR;
let timesEmptied = 0;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(FILES).then((cache) => cache.addAll([...KEPT_FILES, WITHOUT_CONNECTION])).then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("pccovid-files-") && name !== FILES).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

function forgetRecord() {
  timesEmptied += 1;
  return caches.delete(RECORD);
}

function ageOf(answer) {
  return Date.now() - Date.parse(answer.headers.get("Date") ?? "");
}

async function kept(request) {
  const found = await caches.match(request.url, { cacheName: RECORD });
  if (!found) return null;
  if (ageOf(found) < LONGEST) return markedOffline(found);
  await forgetRecord();
  return null;
}

// The stylesheet shows what a page says about its age only where this mark stands.
async function markedOffline(answer) {
  const text = (await answer.text()).replace("<html ", '<html data-offline ');
  return new Response(text, { status: 200, headers: answer.headers });
}

// The codes, the card and the reader come along with the first page that is kept, so that they open without a connection
// though nobody looked at them with one. Never into a record that was forgotten while they were on their way.
async function keepAlong(from) {
  const before = timesEmptied;
  for (const path of ALONG) {
    const address = new URL(path, from).href;
    const found = await caches.match(address, { cacheName: RECORD });
    if (found && ageOf(found) < HOUR) continue;
    const answer = await fetch(address).catch(() => null);
    if (timesEmptied !== before || !answer?.ok || answer.headers.get("Pccovid-Keep") !== "1") return;
    await caches.open(RECORD).then((cache) => cache.put(address, answer));
  }
}

async function page(event) {
  const request = event.request;
  const isKept = KEPT_PAGES.includes(new URL(request.url).pathname);
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return (isKept && (await kept(request))) || (await caches.match(WITHOUT_CONNECTION)) || Response.error();
  }
  if (isKept && answer.ok && answer.headers.get("Pccovid-Keep") === "1") {
    const copy = answer.clone();
    await caches.open(RECORD).then((cache) => cache.put(request.url, copy));
    event.waitUntil(keepAlong(request.url));
  } else if (isKept && answer.status < 500) {
    await forgetRecord();
  }
  return answer;
}

async function signOut(request) {
  await forgetRecord();
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(WITHOUT_CONNECTION)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method === "POST" && url.pathname === "{{ sign_out }}") event.respondWith(signOut(event.request));
  else if (event.request.method !== "GET") return;
  else if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(event.request).then((found) => found ?? fetch(event.request)));
  }
});

// A push carries no content: one sentence, whoever it is for.
self.addEventListener("push", (event) => {
  event.waitUntil(self.registration.showNotification("PC-Covid", { body: "{{ news }}", icon: "{{ icon }}", tag: "pccovid" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("{{ notices }}"));
});
