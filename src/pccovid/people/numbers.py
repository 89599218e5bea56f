"""Numbers and rows of the index as they are stored: a keyed hash to find and join by, a seal to read from.

A claim's number columns hold hashes; beside them `sealed` holds the numbers themselves, column → sealed text. An
identifier and a contact point carry hash and seal of their one value, taken over from the claims. Rows as received
are sealed whole. A row that an upgrade has not reached yet holds the bare value and no seal, and is read as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from pccovid.foundation.sealing import Sealer, sealer
from pccovid.linkage.claim import Claim

NUMBERS = (
    "personal_id", "old_id", "passport", "insurance_no", "insurance_card", "qid", "id_tail", "phone", "email",
)  # fmt: skip
_PLACES = tuple((name, Claim._fields.index(name)) for name in NUMBERS)


def hidden(values: Sequence[object], keys: Sealer) -> tuple[list[object], str | None]:
    """Values of a Claim with hashes for its numbers, and the JSON text of their seals (None where it has none)."""
    shown, seals = list(values), []
    for place, opens, hide in _hiding(keys):
        value = shown[place]
        if isinstance(value, str):
            shown[place], seal = hide(value)
            seals.append(f'{opens}{seal}"')
    return shown, "{" + ",".join(seals) + "}" if seals else None


def shown(sealed: Mapping[str, str] | None, keys: Sealer) -> dict[str, str]:
    """The numbers of a claim, column → value, out of its `sealed`."""
    return {name: keys.unseal(seal, name) for name, seal in (sealed or {}).items()}


def opener(keys: Sealer) -> Mapping[str, Callable[[str], str]]:
    """The same for many claims: column → (seal → value)."""
    return {name: keys.opening(name) for name in NUMBERS}


def shown_one(system: str, value: str, sealed: str | None) -> str:
    """The value of an identifier or contact point."""
    return value if sealed is None else sealer().unseal(sealed, system)


def findable(system: str, value: str) -> list[str]:
    """What a number of this kind may be stored as at this moment."""
    return sealer().lookups(value, system)


def sealed_payload(payload: str, record: UUID | str | None, keys: Sealer) -> str:
    """A row as received, sealed for the record it is of."""
    return keys.seal(payload, _about_payload(record))


def shown_payload(payload: str, record: UUID | str | None, keys: Sealer | None = None) -> str:
    """A row as it was received."""
    return (keys or sealer()).reveal(payload, _about_payload(record))


def _about_payload(record: UUID | str | None) -> str:
    return f"payload/{'' if record is None else str(record).replace('-', '')}"


@lru_cache(maxsize=2)
def _hiding(keys: Sealer) -> tuple[tuple[int, str, Callable[[str], tuple[str, str]]], ...]:
    """(place in a Claim, how its seal begins in JSON, value → hash and seal) of every number."""
    return tuple((place, f'"{name}":"', keys.hiding(name)) for name, place in _PLACES)
