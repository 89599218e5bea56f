"""Whose a scanned card or earlier app's code is: only where its number and its name both say so.

A wrong holder is worse than none: a number that several persons bear, a name that is another, a code without a number
(masked) place nobody, and the scan is held. A code with nothing but a phone number, as a paper list has it of who
carries no document, is whose name and year of birth fit among those the phone reaches, if that is one person alone.
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
_REACHED = """
    SELECT k.value, p.id, p.name, p.birth_date FROM people_contactpoint k JOIN people_person p ON p.id = k.person_id
    WHERE k.system = 'phone' AND k.value = ANY (%s) AND p.merged_into_id IS NULL
"""
_Bearers = dict[tuple[str, str], list[tuple[UUID, str | None, date | None]]]


def holders(connection: psycopg.Connection, codes: Mapping[UUID, PersonalQr]) -> dict[UUID, UUID]:
    """Key of each code → its holder, for those that are certain. Inside an access that reads identities."""
    bearers: _Bearers = {}
    for system, value, *person in connection.execute(_BEARERS, [[v for c in codes.values() for _, v in _hashes(c)]]):
        bearers.setdefault((system, value), []).append((person[0], person[1], person[2]))
    found = {key: _holder(code, bearers) for key, code in codes.items()} | _by_phone(connection, codes)
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


def _has_phone_alone(code: PersonalQr) -> bool:
    return bool(code.phone and code.declared_by_other and not any(_hashes(code)))


def _by_phone(connection: psycopg.Connection, codes: Mapping[UUID, PersonalQr]) -> dict[UUID, UUID | None]:
    """The holders of codes that have a phone number alone; a name and a year of birth must fit one person only."""
    wanted = {key: code for key, code in codes.items() if _has_phone_alone(code)}
    if not wanted:
        return {}
    hashes = [value for code in wanted.values() for value in findable("phone", code.phone or "")]
    reached: dict[str, set[tuple[UUID, str | None, date | None]]] = {}
    for value, *person in connection.execute(_REACHED, [hashes]):
        reached.setdefault(value, set()).add((person[0], person[1], person[2]))
    return {key: _one_of(code, reached) for key, code in wanted.items()}


def _one_of(code: PersonalQr, reached: Mapping[str, set[tuple[UUID, str | None, date | None]]]) -> UUID | None:
    fitting = {
        person
        for value in findable("phone", code.phone or "")
        for person, name, birth in reached.get(value, ())
        if birth is not None and code.birth_date is not None and _agrees(code, name, birth)
    }
    return fitting.pop() if len(fitting) == 1 else None


def _agrees(code: PersonalQr, name: str | None, birth: date | None) -> bool:
    if not code.name or not name or _plain(code.name) != _plain(name):
        return False
    return code.birth_date is None or birth is None or code.birth_date.year == birth.year


def _plain(name: str) -> str:
    return " ".join(fold_to_ascii(name).upper().split())
