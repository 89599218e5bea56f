"""What of sign-in lies sealed: the numbers that the sandbox's page shows messages for. Codes know numbers as hashes."""

from __future__ import annotations

from pccovid.foundation.resealing import SealedColumn

PHONE = SealedColumn("accounts_sandboxmessage", "phone", "accounts_sandboxmessage.phone", key_type="bigint")
