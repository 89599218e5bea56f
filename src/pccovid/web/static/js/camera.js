// Reads a code with the device's own camera, or out of a photo, where the browser can; for the citizen's page and the
// checkpoint's. Without this module, or where the browser reads none, the form's own fields do the same.
//
// <form data-camera> reads one code and is sent; <form data-camera="on"> goes on reading, for one person after another.
const EVERY = 150;
const AGAIN_AFTER = 4000;
const form = document.querySelector("form[data-camera]");
const part = (name) => form.querySelector(`[data-${name}]`);
const field = form?.elements.code;
const photo = form?.elements.photo;

const readerOfCodes = async () => {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats();
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
};
const reader = form ? await readerOfCodes() : null;

const textIn = async (picture) => (await reader.detect(picture))[0]?.rawValue ?? "";

let stream = null;
let last = { text: "", at: 0 };

const stop = () => {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  part("view").hidden = true;
  part("start").hidden = false;
};

const send = (text) => {
  field.value = text;
  // The photo was read here: it need not leave the device.
  if (photo) photo.value = "";
  form.requestSubmit();
};

const look = async () => {
  if (!stream) return;
  const text = await textIn(part("view")).catch(() => "");
  const isNew = text && (text !== last.text || Date.now() - last.at > AGAIN_AFTER);
  if (text) last = { text, at: Date.now() };
  if (isNew) {
    if (form.dataset.camera !== "on") stop();
    send(text);
  }
  setTimeout(look, EVERY);
};

const start = async () => {
  part("failed").hidden = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    const view = part("view");
    view.srcObject = stream;
    await view.play();
    view.hidden = false;
    part("start").hidden = true;
    await look();
  } catch {
    stop();
    part("failed").hidden = false;
  }
};

if (reader) {
  if (navigator.mediaDevices) part("start").hidden = false;
  part("start").addEventListener("click", start);
  photo?.addEventListener("change", async () => {
    const picture = photo.files[0] ? await createImageBitmap(photo.files[0]).catch(() => null) : null;
    const text = picture ? await textIn(picture).catch(() => "") : "";
    if (text) send(text);
  });
  addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
  });
}
