// Safe personal codes as a device may read them: their signature and times, and with a shift's key their standing.
const FORM = 1;
const STEP = 600;
const CLOCKS_DIFFER_BY = 300;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

export const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
export const hexOf = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

export const octetsOf = (text) => {
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

export const isSigned = async (octets, check) => {
  const key = await crypto.subtle.importKey("raw", bytesOf(check), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, octets.slice(43, 107), octets.slice(0, 43));
};

export const standingIn = async (octets, text) => {
  const key = await crypto.subtle.importKey("raw", bytesOf(text), "AES-CTR", false, ["decrypt"]);
  const counter = new Uint8Array(16);
  counter.set(octets.slice(7, 19));
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CTR", counter, length: 32 }, key, octets.slice(35, 43)));
};

// Why a code does not hold now by what everybody may check of it: { reason }, else when it was issued and its own mark.
export const checkCode = async (text, checks, now) => {
  const octets = octetsOf(text);
  if (!octets) return { reason: "not_ours" };
  const number = octets[1];
  const issued = new DataView(octets.buffer).getUint32(2);
  if (!checks[number]) return { reason: "unknown_key" };
  if (!(await isSigned(octets, checks[number]))) return { reason: "changed" };
  if (now < issued - CLOCKS_DIFFER_BY) return { reason: "not_yet" };
  if (now > issued + STEP * octets[6] + CLOCKS_DIFFER_BY) return { reason: "expired" };
  return { octets, number, issued, made: issued - STEP * octets[7], once: hexOf(octets.slice(7, 19)) };
};
