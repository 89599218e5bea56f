import { checkCode } from "./scans/codes.js";
import { at, count, listen, page, show, workWithoutConnection } from "./scans/page.js";
import { openStore, sendWaiting } from "./scans/store.js";

// A place's scanner. It was made the place's by a link that only the registrant or the commune could make, holds no
// session and no names, and says of every code only that it was taken. Works without a connection.
const store = await openStore("place-scanner");
const checks = JSON.parse(page.dataset.checks);

// The link's secret stands behind the #, which no server is sent; it is taken up once and leaves the address.
const takeUp = async () => {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get("s")) await store.put("shift", { secret: given.get("s"), name: given.get("n") ?? "" }, "now");
  if (location.hash) history.replaceState(null, "", location.pathname);
};

const draw = async () => {
  const device = await store.read("shift", "now");
  at("unknown").hidden = Boolean(device);
  at("desk").hidden = !device;
  at("where").textContent = device?.name ?? "";
  await count(store);
};

const scanned = async (text) => {
  const way = document.querySelector('input[name="way"]:checked').value;
  if (text.startsWith("PC1:")) {
    const found = await checkCode(text, checks, Date.now() / 1000);
    // A key this page does not know yet is the server's to judge.
    if (found.reason && found.reason !== "unknown_key") return show("warn", found.reason);
    const once = `${found.once ?? text} ${way}`;
    if (await store.read("used", once)) return show("warn", "used");
    await store.put("used", Date.now(), once);
  } else if (!text.includes("|")) {
    return show("warn", "not_ours");
  }
  await store.keep(text, way);
  await draw();
  return show("good", way);
};

const send = async () => {
  const device = await store.read("shift", "now");
  if (!device) return;
  const why = await sendWaiting(store, (body) =>
    fetch(page.dataset.send, {
      method: "POST",
      headers: {
        "Content-Type": "application/json", "Device-Secret": device.secret, "Device-Time": new Date().toISOString(),
      },
      body,
    }),
  );
  if (why) show("warn", why);
  await draw();
};

listen(store, { scanned, send, ended: draw });
addEventListener("hashchange", async () => {
  await takeUp();
  await draw();
});
await workWithoutConnection();
await takeUp();
await draw();
page.dataset.ready = "1";
