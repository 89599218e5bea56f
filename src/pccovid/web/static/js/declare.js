// Keeps what was filled in: on the server while there is a connection, on this device while there is none.
// Without this module the buttons "save" and "send" do the same by hand.

const form = document.querySelector("form[data-declare]");
const notice = document.getElementById("ngoai-mang");
const kept = `pccovid:to-khai:${location.pathname}`;
const SAVE_AFTER = 1500;
let timer = 0;

function filled(act) {
  const data = new FormData(form);
  data.set("act", act);
  return [...data].filter(([name]) => name !== "csrfmiddlewaretoken");
}

function body(entries) {
  const data = new URLSearchParams(entries);
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return data;
}

// The server's answer, or null where there is no connection.
async function sendOff(entries) {
  try {
    return await fetch(location.pathname, { method: "POST", body: body(entries), redirect: "follow" });
  } catch {
    return null;
  }
}

function keepHere(entries) {
  localStorage.setItem(kept, JSON.stringify(entries));
  notice.hidden = false;
}

async function save() {
  const entries = filled("save");
  const answer = await sendOff(entries);
  if (answer === null) keepHere(entries);
}

async function sendKept() {
  const text = localStorage.getItem(kept);
  if (text === null) return;
  const entries = JSON.parse(text);
  const answer = await sendOff(entries);
  if (answer === null) {
    notice.hidden = false;
    return;
  }
  localStorage.removeItem(kept);
  notice.hidden = true;
  if (new Map(entries).get("act") === "send") location.reload();
}

function fillAgain() {
  const text = localStorage.getItem(kept);
  if (text === null) return;
  const entries = JSON.parse(text);
  for (const element of form.elements) {
    const values = entries.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "checkbox" || element.type === "radio") element.checked = values.includes(element.value);
    else if (element.name && element.type !== "hidden" && element.type !== "submit" && values.length) element.value = values[0];
  }
}

if (form) {
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
  });
  form.addEventListener("submit", async (event) => {
    const act = event.submitter?.value ?? "save";
    clearTimeout(timer);
    if (act === "drop") {
      localStorage.removeItem(kept);
      return;
    }
    if (navigator.onLine) {
      localStorage.removeItem(kept);
      return;
    }
    event.preventDefault();
    keepHere(filled(act));
  });
  addEventListener("online", sendKept);
  fillAgain();
  if (navigator.onLine) sendKept();
}
