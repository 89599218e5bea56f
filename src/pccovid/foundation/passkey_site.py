"""Where a page that asks for a passkey was served from: what browsers bind passkeys to (WebAuthn level 2)."""

from __future__ import annotations

from dataclasses import dataclass

from fido2.server import Fido2Server
from fido2.webauthn import PublicKeyCredentialRpEntity

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError)
"""What the library raises for a response that does not verify, or is no response at all."""


@dataclass(frozen=True)
class Site:
    """Where the page was served from: its host without port, and its whole origin."""

    host: str
    origin: str

    @property
    def can_have_passkeys(self) -> bool:
        """Browsers bind passkeys to names over https, or to localhost; never to an address in digits."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        return self.origin.startswith("https://") and not self.host.replace(".", "").isdigit() and ":" not in self.host

    @property
    def server(self) -> Fido2Server:
        """What asks and checks for this site alone: exactly its origin."""
        party = PublicKeyCredentialRpEntity(id=self.host, name="PC-Covid")
        return Fido2Server(party, verify_origin=lambda origin: bool(origin == self.origin))


def site_at(scheme: str, host: str) -> Site:
    """The site of a request whose host was checked against ALLOWED_HOSTS; `host` with its port, as it was sent."""
    return Site(host.rpartition(":")[0] or host if not host.endswith("]") else host, f"{scheme}://{host}")
