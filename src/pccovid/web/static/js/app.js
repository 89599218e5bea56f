// Lets the app open without a connection. On a shared device this module is not on the page.

const policy = window.trustedTypes?.createPolicy("pccovid-worker", { createScriptURL: (url) => url });
const address = "/sw.js";

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, { scope: "/" });
}
