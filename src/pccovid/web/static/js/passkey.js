// Passkeys on officers' pages. A form with data-passkey="create" or "get" carries what the server asks for in
// data-options; pressing its button asks the browser's authenticator, and the form is sent with the answer.

const toBytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
};

const toText = (buffer) => {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const withIds = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

const asked = (options) => ({
  ...options,
  challenge: toBytes(options.challenge),
  ...(options.user ? { user: { ...options.user, id: toBytes(options.user.id) } } : {}),
  excludeCredentials: withIds(options.excludeCredentials),
  allowCredentials: withIds(options.allowCredentials),
});

const answered = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  const id = toText(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response, clientExtensionResults: {} });
};

const ask = async (form) => {
  const publicKey = asked(JSON.parse(form.dataset.options));
  const made = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  form.elements.passkey.value = answered(made);
  form.submit();
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form).catch(() => { form.querySelector("[data-failed]").hidden = false; });
  });
}
