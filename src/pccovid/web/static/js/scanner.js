import { checkCode, hexOf, standingIn } from "./scans/codes.js";
import { at, count, listen, page, show, workWithoutConnection } from "./scans/page.js";
import { openStore, sendWaiting } from "./scans/store.js";

// The checkpoint's scanner. A code is checked by its signature and read with the keys of the shift; both, and every scan
// until the server has it, lie in this browser's own store. Works without a connection; sends what waits when there is one.
const store = await openStore("scanner");
const { read, put } = store;
const dayOf = (seconds) => new Date((seconds + 7 * 3600) * 1000).toISOString().slice(0, 10);

// What a code says to this device: { reason } where it is refused, else what may be shown.
const readCode = async (text, shift, now) => {
  const found = await checkCode(text, shift.checks, now);
  if (found.reason) return found;
  const standingKey = shift.standings[`${found.number} ${dayOf(found.issued)}`];
  if (!standingKey) return { reason: "expired" };
  const standing = await standingIn(found.octets, standingKey);
  if (found.made < (shift.revoked[hexOf(standing.slice(2))] ?? -1)) return { reason: "revoked" };
  return {
    once: found.once,
    isVerified: Boolean(standing[0] & 1),
    hasOrder: standing[0] & 2 ? Boolean(standing[0] & 4) : null,
  };
};

// --- the page ---
const draw = async () => {
  const shift = await read("shift", "now");
  const isOn = Boolean(shift) && Date.now() / 1000 < shift.ends;
  at("shift").hidden = isOn;
  at("desk").hidden = !shift;
  at("scan").hidden = !isOn;
  at("where").textContent = shift ? shift.name : "";
  await count(store);
  if (isOn) at("id_code").focus();
};

const keep = async (code) => {
  await store.keep(code, "past");
  await count(store);
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

const send = async () => {
  const shift = await read("shift", "now");
  if (!shift) return;
  const why = await sendWaiting(store, async (body) =>
    fetch(page.dataset.send, {
      method: "POST",
      headers: {
        "Content-Type": "application/json", "X-CSRFToken": await token(), "Device-Secret": shift.secret,
        "Device-Time": new Date().toISOString(),
      },
      body,
    }),
  );
  if (why) show("warn", why);
  await count(store);
};

at("shift").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(page.dataset.shift, { method: "POST", body: new FormData(at("shift")) }).catch(() => null);
  if (!answer?.ok) return show("warn", "away");
  await put("shift", await answer.json(), "now");
  at("answer").replaceChildren();
  return draw();
});
listen(store, {
  scanned,
  send,
  ended: async () => {
    await caches.delete("scanner");
    await draw();
  },
});
await workWithoutConnection();
await draw();
page.dataset.ready = "1";
