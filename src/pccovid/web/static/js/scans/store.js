// A scanning device's own store in this browser: what it was given, what it has scanned and not sent, what it has seen.
export const openStore = async (name) => {
  const held = await new Promise((done, failed) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("shift");
      asked.result.createObjectStore("scans", { keyPath: "id" });
      asked.result.createObjectStore("used");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const act = (table, mode, use) =>
    new Promise((done, failed) => {
      const transaction = held.transaction(table, mode, { durability: "strict" });
      const asked = use(transaction.objectStore(table));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  return {
    read: (table, key) => act(table, "readonly", (of) => of.get(key)),
    all: (table) => act(table, "readonly", (of) => of.getAll()),
    put: (table, value, key) => act(table, "readwrite", (of) => (key === undefined ? of.put(value) : of.put(value, key))),
    drop: (table, key) => act(table, "readwrite", (of) => of.delete(key)),
    clear: (table) => act(table, "readwrite", (of) => of.clear()),
    keep: (code, way) =>
      act("scans", "readwrite", (of) => of.put({ id: crypto.randomUUID(), code, way, at: new Date().toISOString() })),
  };
};

const BATCH = 200;
let isSending = false;

// Sends what waits, a part at a time; why not, where it was not sent: "away", or "unknown" to the server. Only what the server named is let go of: whatever
// is lost on the way is sent again under the same number, and is stored once.
export const sendWaiting = async (store, ask) => {
  const waiting = (await store.all("scans")).filter((one) => !one.refused).slice(0, BATCH);
  if (!waiting.length || isSending) return "";
  isSending = true;
  try {
    const answer = await ask(JSON.stringify(waiting));
    if (!answer.ok) return answer.status === 401 ? "unknown" : "away";
    const { results } = await answer.json();
    for (const [place, result] of results.entries()) {
      if (result === "stored") await store.drop("scans", waiting[place].id);
      else await store.put("scans", { ...waiting[place], refused: result });
    }
    return "";
  } catch {
    return "away";
  } finally {
    isSending = false;
  }
};
