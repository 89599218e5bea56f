// On the sign-in page nobody is signed in: whatever a session before left on this device goes, also where it ended
// without signing out.

for (const name of Object.keys(localStorage)) {
  if (name.startsWith("pccovid:")) localStorage.removeItem(name);
}
if ("caches" in window) caches.delete("pccovid-record");
