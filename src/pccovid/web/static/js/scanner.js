// The checkpoint's scanner. A code is checked by its signature and read with the keys of the shift; both, and every scan
// until the server has it, lie in this browser's own store. Works without a connection; sends what waits when there is one.
const FORM = 1;
const STEP = 600;
const CLOCKS_DIFFER_BY = 300;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
const BATCH = 200;
const page = document.getElementById("scanner");
const at = (id) => document.getElementById(id);
const word = (name) => at("words").content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const hexOf = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const dayOf = (seconds) => new Date((seconds + 7 * 3600) * 1000).toISOString().slice(0, 10);

// --- this browser's store ---
const store = await new Promise((done, failed) => {
  const asked = indexedDB.open("scanner", 1);
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
    const transaction = store.transaction(table, mode, { durability: "strict" });
    const asked = use(transaction.objectStore(table));
    transaction.oncomplete = () => done(asked.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
const read = (table, key) => act(table, "readonly", (of) => of.get(key));
const all = (table) => act(table, "readonly", (of) => of.getAll());
const put = (table, value, key) => act(table, "readwrite", (of) => (key === undefined ? of.put(value) : of.put(value, key)));
const drop = (table, key) => act(table, "readwrite", (of) => of.delete(key));
const clear = (table) => act(table, "readwrite", (of) => of.clear());

// --- codes ---
const octetsOf = (text) => {
  const digits = text.slice(4);
  if (!text.startsWith("PC1:") || digits.length !== 197) return null;
  let number = 0n;
  for (const letter of digits) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    number = number * 32n + BigInt(value);
  }
  if (number >> 984n) return null;
  const hex = number.toString(16).padStart(246, "0");
  const octets = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  return octets[0] === FORM ? octets : null;
};

const isSigned = async (octets, check) => {
  const key = await crypto.subtle.importKey("raw", bytesOf(check), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, octets.slice(43, 107), octets.slice(0, 43));
};

const standingIn = async (octets, text) => {
  const key = await crypto.subtle.importKey("raw", bytesOf(text), "AES-CTR", false, ["decrypt"]);
  const counter = new Uint8Array(16);
  counter.set(octets.slice(7, 19));
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CTR", counter, length: 32 }, key, octets.slice(35, 43)));
};

// What a code says to this device: { reason } where it is refused, else what may be shown.
const readCode = async (text, shift, now) => {
  const octets = octetsOf(text);
  if (!octets) return { reason: "not_ours" };
  const number = octets[1];
  const issued = new DataView(octets.buffer).getUint32(2);
  const standingKey = shift.standings[`${number} ${dayOf(issued)}`];
  if (!shift.checks[number]) return { reason: "unknown_key" };
  if (!(await isSigned(octets, shift.checks[number]))) return { reason: "changed" };
  if (now < issued - CLOCKS_DIFFER_BY) return { reason: "not_yet" };
  if (now > issued + STEP * octets[6] + CLOCKS_DIFFER_BY || !standingKey) return { reason: "expired" };
  const standing = await standingIn(octets, standingKey);
  const made = issued - STEP * octets[7];
  if (made < (shift.revoked[hexOf(standing.slice(2))] ?? -1)) return { reason: "revoked" };
  return {
    once: hexOf(octets.slice(7, 19)),
    isVerified: Boolean(standing[0] & 1),
    hasOrder: standing[0] & 2 ? Boolean(standing[0] & 4) : null,
  };
};

// --- the page ---
const show = (look, ...names) => {
  const box = document.createElement("div");
  box.className = `notice ${look} stack-small`;
  for (const name of names) box.append(Object.assign(document.createElement("p"), { textContent: word(name) }));
  at("answer").replaceChildren(box);
};

const count = async () => {
  const scans = await all("scans");
  at("waiting").textContent = scans.filter((one) => !one.refused).length;
  at("refused").textContent = scans.filter((one) => one.refused).length;
};

const draw = async () => {
  const shift = await read("shift", "now");
  const isOn = Boolean(shift) && Date.now() / 1000 < shift.ends;
  at("shift").hidden = isOn;
  at("desk").hidden = !shift;
  at("scan").hidden = !isOn;
  at("where").textContent = shift ? shift.name : "";
  await count();
  if (isOn) at("id_code").focus();
};

const keep = async (code) => {
  await put("scans", { id: crypto.randomUUID(), code, way: "past", at: new Date().toISOString() });
  await count();
};

const scanned = async (text) => {
  const shift = await read("shift", "now");
  if (!shift || Date.now() / 1000 > shift.ends) return show("warn", "over");
  if (!text.startsWith("PC1:")) {
    if (!text.includes("|")) return show("warn", "not_ours");
    await keep(text);
    return show("good", "other");
  }
  const found = await readCode(text, shift, Date.now() / 1000);
  if (found.reason) return show("warn", found.reason);
  if (await read("used", found.once)) return show("warn", "used");
  await put("used", Date.now(), found.once);
  await keep(text);
  const order = found.hasOrder === null ? "order_unknown" : found.hasOrder ? "order" : "no_order";
  return show(found.hasOrder ? "warn" : "good", "ok", found.isVerified ? "verified" : "unverified", order);
};

// The page's own token against forged forms may be older than the session: it is asked for anew.
const token = async () => {
  const text = await (await fetch(page.dataset.here, { cache: "no-store" })).text();
  return text.match(/name="csrfmiddlewaretoken" value="([^"]+)"/)?.[1] ?? "";
};

let isSending = false;
const send = async () => {
  const shift = await read("shift", "now");
  const waiting = (await all("scans")).filter((one) => !one.refused).slice(0, BATCH);
  if (!shift || !waiting.length || isSending) return;
  isSending = true;
  try {
    const answer = await fetch(page.dataset.send, {
      method: "POST",
      headers: {
        "Content-Type": "application/json", "X-CSRFToken": await token(), "Device-Secret": shift.secret,
        "Device-Time": new Date().toISOString(),
      },
      body: JSON.stringify(waiting),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { results } = await answer.json();
    // Only what the server named is let go of; whatever is lost on the way is sent again under the same number.
    for (const [place, result] of results.entries()) {
      if (result === "stored") await drop("scans", waiting[place].id);
      else await put("scans", { ...waiting[place], refused: result });
    }
  } catch {
    show("warn", "away");
  } finally {
    isSending = false;
    await count();
  }
};

at("shift").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(page.dataset.shift, { method: "POST", body: new FormData(at("shift")) }).catch(() => null);
  if (!answer?.ok) return show("warn", "away");
  await put("shift", await answer.json(), "now");
  at("answer").replaceChildren();
  return draw();
});
at("scan").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = at("id_code").value.trim();
  at("id_code").value = "";
  if (text) await scanned(text);
});
at("send").addEventListener("click", send);
at("end").addEventListener("click", async () => {
  await send();
  if ((await all("scans")).some((one) => !one.refused)) return show("warn", "keep");
  for (const table of ["shift", "scans", "used"]) await clear(table);
  await caches.delete("scanner");
  return draw();
});
addEventListener("online", send);
setInterval(send, 30_000);
// The policy of our pages takes an address of a script only from a named maker; this one makes a single address.
const own = self.trustedTypes?.createPolicy("scanner-worker", { createScriptURL: () => page.dataset.worker });
const address = own ? own.createScriptURL("") : page.dataset.worker;
await navigator.serviceWorker?.register(address, { scope: page.dataset.here }).catch(() => null);
await draw();
page.dataset.ready = "1";
