"""Whose a scanned card or earlier app's code is: only where its number and its name both say so.

A wrong holder is worse than none: a number that several persons bear, a name that is another, a code without a number
(masked) place nobody, and the scan is held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

import psycopg

from pccovid.linkage.syllables import fold_to_ascii
from pccovid.people.numbers import findable
from pccovid.people.qr_codes import PersonalQr

_NUMBERS = ("personal_id", "old_id", "passport", "insurance_no")
_BEARERS = """
    SELECT i.system, i.value, p.id, p.name, p.birth_date
    FROM people_identifier i JOIN people_person p ON p.id = i.person_id
    WHERE i.value = ANY (%s) AND p.merged_into_id IS NULL
"""
_Bearers = dict[tuple[str, str], list[tuple[UUID, str | None, date | None]]]


def holders(connection: psycopg.Connection, codes: Mapping[UUID, PersonalQr]) -> dict[UUID, UUID]:
    """Key of each code → its holder, for those that are certain. Inside an access that reads identities."""
    bearers: _Bearers = {}
    for system, value, *person in connection.execute(_BEARERS, [[v for c in codes.values() for _, v in _hashes(c)]]):
        bearers.setdefault((system, value), []).append((person[0], person[1], person[2]))
    found = {key: _holder(code, bearers) for key, code in codes.items()}
    return {key: person for key, person in found.items() if person is not None}


def _hashes(code: PersonalQr) -> Iterator[tuple[str, str]]:
    """(kind of number, hash it may be stored under)."""
    for system in _NUMBERS:
        number = getattr(code, system)
        if number:
            yield from ((system, value) for value in findable(system, number))


def _holder(code: PersonalQr, bearers: _Bearers) -> UUID | None:
    """The one person whom every number of the code that is known names, and who bears the code's name."""
    known = [bearers[one] for one in _hashes(code) if one in bearers]
    persons = {person for found in known for person, _, _ in found}
    if len(persons) != 1:
        return None
    ((person, name, birth), *_) = known[0]
    return person if _agrees(code, name, birth) else None


def _agrees(code: PersonalQr, name: str | None, birth: date | None) -> bool:
    if not code.name or not name or _plain(code.name) != _plain(name):
        return False
    return code.birth_date is None or birth is None or code.birth_date.year == birth.year


def _plain(name: str) -> str:
    return " ".join(fold_to_ascii(name).upper().split())
