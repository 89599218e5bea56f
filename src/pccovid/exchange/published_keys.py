"""The public keys that the log of messages is sealed with, as partners are given them."""

from __future__ import annotations

from pccovid.exchange.seal_keys import PublicKey
from pccovid.officers.database import call_rows


def sealing_keys() -> tuple[PublicKey, ...]:
    """Every key that sealed something, oldest first."""
    return tuple(PublicKey(*row) for row in call_rows("message_keys"))
