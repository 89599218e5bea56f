import { checkCode } from "./scans/codes.js";
import { openStore, sendWaiting } from "./scans/store.js";

// A place's scanner. It was made the place's by a link that only the registrant or the commune could make, holds no
// session and no names, and says of every code only that it was taken. Works without a connection.
const page = document.getElementById("scanner");
const at = (id) => document.getElementById(id);
const word = (name) => at("words").content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
const store = await openStore("place-scanner");
const checks = JSON.parse(page.dataset.checks);

const show = (look, ...names) => {
  const box = document.createElement("div");
  box.className = `notice ${look} stack-small`;
  for (const name of names) box.append(Object.assign(document.createElement("p"), { textContent: word(name) }));
  at("answer").replaceChildren(box);
};

// The link's secret stands behind the #, which no server is sent; it is taken up once and leaves the address.
const takeUp = async () => {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get("s")) await store.put("shift", { secret: given.get("s"), name: given.get("n") ?? "" }, "now");
  if (location.hash) history.replaceState(null, "", location.pathname);
};

const draw = async () => {
  const device = await store.read("shift", "now");
  const scans = await store.all("scans");
  at("unknown").hidden = Boolean(device);
  at("desk").hidden = !device;
  at("where").textContent = device?.name ?? "";
  at("waiting").textContent = scans.filter((one) => !one.refused).length;
  at("refused").textContent = scans.filter((one) => one.refused).length;
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

at("scan").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = at("id_code").value.trim();
  at("id_code").value = "";
  if (text) await scanned(text);
});
at("send").addEventListener("click", send);
at("end").addEventListener("click", async () => {
  await send();
  if ((await store.all("scans")).some((one) => !one.refused)) return show("warn", "keep");
  for (const table of ["shift", "scans", "used"]) await store.clear(table);
  return draw();
});
addEventListener("online", send);
addEventListener("hashchange", async () => {
  await takeUp();
  await draw();
});
setInterval(send, 30_000);
const own = self.trustedTypes?.createPolicy("scanner-worker", { createScriptURL: () => page.dataset.worker });
const address = own ? own.createScriptURL("") : page.dataset.worker;
await navigator.serviceWorker?.register(address, { scope: page.dataset.here }).catch(() => null);
await takeUp();
await draw();
page.dataset.ready = "1";
