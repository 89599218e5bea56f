// Reading codes with the device's own camera, where the browser can: the button stays hidden where it cannot. A picture
// never leaves the page.
const EVERY = 250;

export const watch = async (button, video, found) => {
  if (!button || !("BarcodeDetector" in self) || !navigator.mediaDevices?.getUserMedia) return;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  button.hidden = false;
  let stream = null;
  let last = "";
  const look = async () => {
    if (!stream) return;
    const codes = await detector.detect(video).catch(() => []);
    const text = codes[0]?.rawValue ?? "";
    // One code held before the camera is read once.
    if (text && text !== last) await found(text);
    last = text || last;
    setTimeout(look, EVERY);
  };
  button.addEventListener("click", async () => {
    if (stream) {
      for (const track of stream.getTracks()) track.stop();
      stream = null;
    } else {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
      if (stream) {
        video.srcObject = stream;
        last = "";
        video.play().catch(() => null);
        look();
      }
    }
    video.hidden = !stream;
    button.setAttribute("aria-pressed", String(Boolean(stream)));
  });
};
