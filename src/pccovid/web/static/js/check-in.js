// Checking in without a connection: the poster's code and the moment wait on this device and are sent when there is a
// connection. They go, as everything does, when the person signs out. Oneself alone: of a family the device knows nobody.
const TRY_AGAIN = 20_000;
const WAITING = "pccovid:luot:";
const form = document.querySelector("form[data-camera]");
const box = document.getElementById("luot-cho");
const POSTER = /(?:^|\/)([A-Za-z0-9_-]{100,120})$/;

// A phone may think itself online where nothing answers: a page that came from what was kept knows better.
const isOffline = () => !navigator.onLine || document.documentElement.hasAttribute("data-offline");
const waiting = () => Object.keys(localStorage).filter((name) => name.startsWith(WAITING));

const draw = () => {
  if (!box) return;
  box.querySelector("[data-count]").textContent = waiting().length;
  box.querySelector("[data-some]").hidden = waiting().length === 0;
  box.hidden = waiting().length === 0;
};

const keep = (code, way) => {
  const scan = crypto.randomUUID();
  localStorage.setItem(WAITING + scan, JSON.stringify({ code, way, scan, at: new Date().toISOString() }));
  draw();
};

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

// Whatever the server has answered is done with; where nobody is signed in it waits on.
const sendOne = async (name) => {
  const { code, way, scan, at } = JSON.parse(localStorage.getItem(name));
  const body = new URLSearchParams({ who: "0", way, scan, at, csrfmiddlewaretoken: token() });
  const answer = await fetch(`/d/${code}`, { method: "POST", body });
  if (answer.status !== 403 && answer.status < 500 && !answer.redirected) localStorage.removeItem(name);
};

const send = async () => {
  for (const name of waiting()) await sendOne(name).catch(() => null);
  draw();
};

form?.addEventListener("submit", (event) => {
  if (!isOffline()) return;
  event.preventDefault();
  const code = form.elements.code.value.trim().match(POSTER)?.[1];
  box.hidden = false;
  box.querySelector("[data-ask]").hidden = !code;
  box.querySelector("[data-no-poster]").hidden = Boolean(code);
  box.dataset.code = code ?? "";
});
for (const button of box?.querySelectorAll("button[data-way]") ?? []) {
  button.addEventListener("click", () => {
    keep(box.dataset.code, button.dataset.way);
    form.elements.code.value = "";
    box.querySelector("[data-ask]").hidden = true;
  });
}
addEventListener("online", send);
setInterval(() => waiting().length && send(), TRY_AGAIN);
send();
