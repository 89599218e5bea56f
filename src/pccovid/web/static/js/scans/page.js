// What every scanner's page does the same: answers in the page's own words, the field a hand scanner types into, sending what
// waits, and forgetting it all.
export const page = document.getElementById("scanner");
export const at = (id) => document.getElementById(id);
const word = (name) => at("words").content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;

export const show = (look, ...names) => {
  const box = document.createElement("div");
  box.className = `notice ${look} stack-small`;
  for (const name of names) box.append(Object.assign(document.createElement("p"), { textContent: word(name) }));
  at("answer").replaceChildren(box);
};

export const count = async (store) => {
  const scans = await store.all("scans");
  at("waiting").textContent = scans.filter((one) => !one.refused).length;
  at("refused").textContent = scans.filter((one) => one.refused).length;
};

// `ended`: what is done once nothing waits any more and the device's store is empty.
export const listen = (store, { scanned, send, ended }) => {
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
    return ended();
  });
  addEventListener("online", send);
  setInterval(send, 30_000);
};

// The policy of our pages takes an address of a script only from a named maker; this one makes a single address.
export const workWithoutConnection = async () => {
  const own = self.trustedTypes?.createPolicy("scanner-worker", { createScriptURL: () => page.dataset.worker });
  const address = own ? own.createScriptURL("") : page.dataset.worker;
  await navigator.serviceWorker?.register(address, { scope: page.dataset.here }).catch(() => null);
};
