"""The four words that say how far a fact can be relied on; every fact shows one of them."""

from __future__ import annotations

OFFICIAL, FACILITY, SELF_DECLARED, PENDING = "official", "facility", "self_declared", "pending"
