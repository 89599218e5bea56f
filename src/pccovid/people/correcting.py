"""A corrected attribute: a source record of its own, linked to its person; the golden record is derived anew from it.

`attribute` is one of CORRECTABLE. Each person has at most one standing correction of an attribute; a later one is its
next version. The record is of the system `correction` (people/sources.py), which beats every other source, and linkage
does not compare it: it goes with its person through merge and split.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from uuid import UUID

import psycopg

from pccovid.areas.place_names import PROVINCE
from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.foundation.sealing import sealer
from pccovid.linkage.claim import Claim
from pccovid.linkage.identifiers import read_identifier, read_insurance
from pccovid.linkage.names import read_name
from pccovid.linkage.phones import read_phone
from pccovid.linkage.syllables import fold_to_ascii
from pccovid.people.numbers import findable, hidden, sealed_payload
from pccovid.people.operations import derive_anew, take_index
from pccovid.people.own_ledger import enter

SYSTEM = KIND = "correction"
CORRECTABLE = (
    "name", "birth_date", "sex", "nationality", "phone", "email", "personal_id", "old_id", "passport",
    "insurance_no", "residence",
)  # fmt: skip
NUMBERS = ("personal_id", "old_id", "passport", "insurance_no")
_FOLDER = "corrections"


_RESIDENCE = re.compile(r"(?P<line>[^|]*?) ?\| [^|]+ \| (?P<code>\d{3}|\d{5})")


class ValueUnreadable(ValueError):
    """The text is no value of that attribute."""


class NumberIsAnothers(ValueError):
    """The population database has verified that this number is another person's."""


def read_value(attribute: str, text: str) -> Claim:
    """What a corrected value claims. Dates are ISO 8601, nationality ISO 3166 alpha-2, a residence as written by
    written_residence. Raises ValueUnreadable.
    """
    claim = _READERS[attribute](text.strip())
    if claim is None:
        raise ValueUnreadable(attribute)
    return claim


def standing_person(connection: psycopg.Connection, person: UUID) -> UUID:
    """The person that this one has been merged into by now, or itself."""
    row = connection.execute(
        "WITH RECURSIVE one AS (SELECT id, merged_into_id FROM people_person WHERE id = %s"
        " UNION SELECT p.id, p.merged_into_id FROM people_person p JOIN one ON p.id = one.merged_into_id)"
        " SELECT id FROM one WHERE merged_into_id IS NULL",
        [person],
    ).fetchone()
    return row[0] if row else person


def correct_attribute(
    connection: psycopg.Connection, *, person: UUID, attribute: str, value: str, case: str, by: str, now: datetime
) -> UUID:
    """Write the corrected value as the person's own source record; returns its record id.

    Raises IndexIsBusy, NumberIsAnothers. As the jobs role, inside an access that may write identity, contact and source
    records of everybody.
    """
    take_index(connection)
    claim = read_value(attribute, value)
    person = standing_person(connection, person)
    _refuse_anothers_number(connection, person, attribute, claim)
    key = f"{attribute}:{person}"
    record = f"{SYSTEM}:{KIND}:{key}"
    record_id = _derived(record)
    payload = json.dumps({"attribute": attribute, "value": value.strip(), "case": case}, ensure_ascii=False)
    version, source_record = _add_source_record(connection, record_id, key, payload, now)
    _add_claim(connection, record_id, record, source_record, version, payload, person, claim)
    connection.execute(
        "INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by,"
        " decided_at) VALUES (%s, %s, 'manual', '{}', 'correction', '', %s, %s)",
        [record_id, person, by, now],
    )
    derive_anew(connection, person)
    return record_id


def written_residence(line: str, commune: str) -> str:
    """An address as corrections keep it: line, names of the units, code of the 2021 list. Raises ValueUnreadable."""
    path = registry().path(commune, on=LISTED_2021)
    if not path or path[-1].level == PROVINCE or "|" in line:
        raise ValueUnreadable("residence")
    return f"{line.strip()} | {', '.join(unit.name for unit in reversed(path))} | {commune}".strip()


def same_addresses(connection: psycopg.Connection, person: UUID, fact: UUID) -> tuple[UUID, ...]:
    """Standing addresses of the person that say what this one says: several systems' reports of it, shown as one."""
    rows = connection.execute(
        "SELECT id, kind, coalesce(commune_code, district_code, province_code, ''), coalesce(line, '')"
        " FROM people_address WHERE person_id = %s AND superseded_at IS NULL",
        [person],
    ).fetchall()
    said = {id_: (kind, area, " ".join(fold_to_ascii(line).casefold().split())) for id_, kind, area, line in rows}
    return tuple(id_ for id_, told in said.items() if told == said.get(fact))


def _refuse_anothers_number(connection: psycopg.Connection, person: UUID, attribute: str, claim: Claim) -> None:
    if attribute not in NUMBERS:
        return
    hashes = findable(attribute, str(getattr(claim, attribute)))
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM people_identifier WHERE system = %s AND value = ANY (%s) AND is_verified"
        " AND person_id <> %s)",
        [attribute, hashes, person],
    ).fetchone()
    if row and row[0]:
        raise NumberIsAnothers(attribute)


def _add_source_record(
    connection: psycopg.Connection, record_id: UUID, key: str, payload: str, now: datetime
) -> tuple[int, UUID]:
    """(version, id) of the new version of the correction."""
    row = connection.execute(
        "SELECT coalesce(max(version), 0) + 1 FROM people_sourcerecord WHERE record_id = %s", [record_id]
    ).fetchone()
    version = int(row[0]) if row else 1
    id_now = _derived(f"{record_id}/{version}")
    keys = sealer()
    connection.execute(
        "INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash,"
        " received_at, run_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [id_now, record_id, SYSTEM, KIND, key, version, sealed_payload(payload, record_id, keys), _mark(payload), now,
         enter(connection, folder=_FOLDER, name=_FOLDER, system=SYSTEM, kind=KIND, records=1, now=now)],
    )  # fmt: skip
    return version, id_now


def _add_claim(
    connection: psycopg.Connection, record_id: UUID, record: str, source_record: UUID, version: int, payload: str,
    person: UUID, claim: Claim,
) -> None:  # fmt: skip
    """The claim of the newest version, in place of the one before."""
    values, seals = hidden(claim, sealer())
    row: dict[str, object] = {
        "record_id": record_id, "record": record, "system": SYSTEM, "kind": KIND, "source_record_id": source_record,
        "content_hash": _mark(payload), "version": version, "person_id": person, "is_about_nobody": False,
        **dict(zip(Claim._fields, values, strict=True)), "flags": list(claim.flags), "sealed": seals,
    }  # fmt: skip
    names = ", ".join(row)
    updates = ", ".join(f"{name} = excluded.{name}" for name in row if name != "record_id")
    connection.execute(
        f"INSERT INTO people_recordclaim ({names}) VALUES ({', '.join(['%s'] * len(row))})"  # noqa: S608 - our own names
        f" ON CONFLICT (record_id) DO UPDATE SET {updates}",
        list(row.values()),
    )


def _name(text: str) -> Claim | None:
    reading = read_name(text)
    if reading.display is None:
        return None
    return Claim(
        name=reading.display, name_full=reading.full, name_key=reading.key, name_sorted=reading.sorted_key,
        flags=reading.flags,
    )  # fmt: skip


def _birth_date(text: str) -> Claim | None:
    try:
        return Claim(birth_date=date.fromisoformat(text), birth_precision="day")
    except ValueError:
        return None


def _phone(text: str) -> Claim | None:
    number = read_phone(text).phone
    return Claim(phone=number) if number else None


def _sex(text: str) -> Claim | None:
    return Claim(sex=text) if text in ("male", "female") else None


def _nationality(text: str) -> Claim | None:
    return Claim(nationality=text) if len(text) == 2 and text.isascii() and text.isupper() else None


def _email(text: str) -> Claim | None:
    name, at, host = text.partition("@")
    return Claim(email=text) if at and name and "." in host and not text.count(" ") else None


def _personal_id(text: str) -> Claim | None:
    number = read_identifier(text).personal_id
    return Claim(personal_id=number) if number else None


def _old_id(text: str) -> Claim | None:
    number = read_identifier(text).old_id
    return Claim(old_id=number) if number else None


def _passport(text: str) -> Claim | None:
    number = read_identifier(text).passport
    return Claim(passport=number) if number else None


def _insurance_no(text: str) -> Claim | None:
    number, card, _problem = read_insurance(text)
    return Claim(insurance_no=number, insurance_card=card) if number else None


def _residence(text: str) -> Claim | None:
    found = _RESIDENCE.fullmatch(text)
    path = registry().path(found["code"], on=LISTED_2021) if found else ()
    if found is None or len(path) < 2:
        return None
    codes = [unit.code for unit in path] + [None]
    return Claim(province_code=codes[0], district_code=codes[1], commune_code=codes[2], address=found["line"] or None)


_READERS = {
    "name": _name, "birth_date": _birth_date, "sex": _sex, "nationality": _nationality, "phone": _phone,
    "email": _email, "personal_id": _personal_id, "old_id": _old_id, "passport": _passport,
    "insurance_no": _insurance_no, "residence": _residence,
}  # fmt: skip


def _mark(payload: str) -> bytes:
    return sealer().mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest())


def _derived(text: str) -> UUID:
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
