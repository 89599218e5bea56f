"""Who stands around one record in the index: everybody an import would link it with, read in a few milliseconds.

Reads inside an access opened by the caller. Numbers are sought by their hashes and opened here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import psycopg

from pccovid.carry_over.opening import Opens
from pccovid.carry_over.statements import CLAIM_FIELDS, script
from pccovid.foundation.kept_statements import Kept, kept, run_kept
from pccovid.foundation.sealing import Sealer, sealer
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.joining import Decision
from pccovid.linkage.one_record.nodes import Row
from pccovid.people.numbers import NUMBERS, opener

MOST_AROUND = 2_000
"""Records beyond which a match waits for the next import."""

_SOUGHT = ("personal_id", "old_id", "passport", "insurance_no", "qid", "phone")
_AS_THEY_ARE = ("name_sorted", "commune_code", "account")
_NUMBER_PLACES = tuple((name, CLAIM_FIELDS.index(name)) for name in NUMBERS)
_FLAGS = CLAIM_FIELDS.index("flags")


class TooManyAround(RuntimeError):
    """More than MOST_AROUND records share a key with it."""


@dataclass(frozen=True)
class Around:
    """Records to judge one by, and what officers have decided among all of them."""

    rows: tuple[Row, ...]
    decisions: tuple[Decision, ...]


@cache
def _query() -> Kept:
    return kept(script("one_record", 0, most=MOST_AROUND + 1).as_string())


class _Found(NamedTuple):
    """One claim that the query found; `may_open_again`: it holds a name and a phone alone, and no officer placed it."""

    record: str
    person: str | None
    is_judged: bool
    may_open_again: bool | None
    stored: Sequence[Any]
    sealed: Mapping[str, str] | None


class Surroundings:
    """Finds who stands around records, in one transaction; keys are taken as they stand when it begins."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        # Planned once: with values in sight each look-up would be planned anew, which takes as long as running it.
        connection.execute(
            b"SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true)"
        )
        self._keys: Sealer = sealer()
        self._opens: Opens = opener(self._keys)
        self._query = _query()
        self._asked: dict[str, psycopg.Cursor[tuple[Any, ...]]] = {}

    def ask_ahead(self, arriving: Row) -> None:
        """Send the first question about a record; `around` waits for its answer."""
        self._asked[arriving.record] = self._ask(arriving.record, self._sought(arriving.claim), with_held=True)

    def forget_asked(self) -> None:
        """Ask anew what was asked ahead."""
        self._asked.clear()

    def around(self, arriving: Row) -> Around:
        """Everybody who shares a key with it, or with a record of nobody that does. Raises TooManyAround."""
        asked = self._asked.pop(arriving.record, None)
        asked = asked or self._ask(arriving.record, self._sought(arriving.claim), with_held=True)
        found = self._told(asked)
        for held in [one for one in found.values() if one.person is None]:
            found = self._found(held.record, self._stored(held.stored), with_held=False) | found
        for further in _further_keys(arriving, found.values()):
            found = self._found(arriving.record, further, with_held=False) | found
        found.pop(arriving.record, None)
        if len(found) > MOST_AROUND:
            raise TooManyAround
        rows = _reopened(arriving, found.values(), [self._row(one) for one in found.values()])
        judged = any(one.is_judged for one in found.values())
        return Around(tuple(rows), self._decisions(arriving.record, found) if judged else ())

    def candidates(self, arriving: Row) -> int:
        """The bare query alone, for a bench; how many claims it found, at most one more than MOST_AROUND."""
        return len(self._ask(arriving.record, self._sought(arriving.claim), with_held=True).fetchall())

    def _ask(self, record: str, sought: Mapping[str, Any], *, with_held: bool) -> psycopg.Cursor[tuple[Any, ...]]:
        values = dict(sought, record=record, record_id=_record_id(record), with_held=_WORDS[with_held])
        return run_kept(self._connection, self._query, values)

    def _found(self, record: str, sought: Mapping[str, Any], *, with_held: bool) -> dict[str, _Found]:
        return self._told(self._ask(record, sought, with_held=with_held))

    def _told(self, asked: psycopg.Cursor[tuple[Any, ...]]) -> dict[str, _Found]:
        rows = asked.fetchall()
        if len(rows) > MOST_AROUND:
            raise TooManyAround
        return {row[0]: _Found(row[0], row[1], row[2], row[3], row[4:-1], row[-1]) for row in rows}

    def _sought(self, claim: Claim) -> dict[str, Any]:
        """The keys of a claim with readable numbers."""
        numbers = {name: self._hashes(name, getattr(claim, name)) for name in _SOUGHT}
        return numbers | _open_keys(claim)

    def _stored(self, stored: Sequence[Any]) -> dict[str, Any]:
        """The keys of a claim as it lies in the index: its numbers are hashes already."""
        claim = Claim(*stored)
        return {name: _list_of(_listed(getattr(claim, name))) for name in _SOUGHT} | _open_keys(claim)

    def _hashes(self, name: str, value: str | None) -> str:
        return _list_of([] if value is None else self._keys.lookups(value, name))

    def _row(self, found: _Found) -> Row:
        return Row(found.record, found.person, self.opened(found.stored, found.sealed))

    def opened(self, stored: Sequence[Any], sealed: Mapping[str, str] | None) -> Claim:
        """A claim as it is stored, with its numbers in the place of their hashes."""
        values = list(stored)
        if sealed:
            for name, place in _NUMBER_PLACES:
                seal = sealed.get(name)
                if seal is not None:
                    values[place] = self._opens[name](seal)
        values[_FLAGS] = tuple(values[_FLAGS])
        return Claim(*values)

    def _decisions(self, arriving: str, found: Iterable[str]) -> tuple[Decision, ...]:
        """What officers have ruled about pairs of these records; a record that has never come was never judged."""
        ids = [_record_id(record) for record in (arriving, *found)]
        return tuple(self._connection.execute(_DECIDED, [ids, ids], prepare=True).fetchall())


_DECIDED = """
SELECT a.record, b.record, d.standing = 'same' FROM link_review_ruling d
    JOIN people_recordclaim a ON a.record_id = d.record_id JOIN people_recordclaim b ON b.record_id = d.other_record_id
WHERE d.record_id = ANY (%s::uuid[]) AND d.other_record_id = ANY (%s::uuid[]) AND d.standing IN ('same', 'different')
ORDER BY 1, 2
"""


def _record_id(record: str) -> str:
    return hashlib.md5(record.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


_WORDS = {True: "true", False: "false"}
# Every value goes as text, so that one prepared statement serves all records.


def _list_of(values: Sequence[str]) -> str:
    """PostgreSQL's text of an array. Hashes, and numbers that an upgrade has not reached, need no escapes."""
    return "{" + ",".join(f'"{value}"' for value in values) + "}"


def _listed(value: str | None) -> list[str]:
    return [] if value is None else [value]


def _open_keys(claim: Claim) -> dict[str, Any]:
    """The keys that are no numbers.

    A year without a day is written as its first of January. That is no key: no rule of blocking.py compares two people
    for it, and of a nation's namesakes thousands are known by the year alone.
    """
    born = claim.birth_date
    day = born if claim.birth_precision == "day" and "birth_default" not in claim.flags else None
    days = [] if day is None else [one.isoformat() for one in (day, claim.birth_swapped) if one is not None]
    return {name: getattr(claim, name) for name in _AS_THEY_ARE} | {
        "birth_date": None if day is None else day.isoformat(),
        "births": _list_of(days),
        "is_masked": _WORDS[claim.id_tail is not None],
        "year_begins": None if born is None else date(born.year, 1, 1).isoformat(),
        "year_ends": None if born is None else date(born.year, 12, 31).isoformat(),
    }


_NO_KEYS: dict[str, Any] = {
    **dict.fromkeys((*_SOUGHT, "births"), "{}"), **dict.fromkeys((*_AS_THEY_ARE, "birth_date"), None),
    "is_masked": _WORDS[False], "year_begins": None, "year_ends": None,
}  # fmt: skip


def _further_keys(arriving: Row, found: Iterable[_Found]) -> Iterator[dict[str, Any]]:
    """What is to be sought beside the record's own keys, since those that it fits decide by it: as in neighbours.sql.

    A number of its account's owner may stand in somebody else's row; who has the name of somebody it fits, and that
    one's other phone or house, may be a father or a son.
    """
    claim = arriving.claim
    if claim.birth_date is not None:
        return iter(())
    if claim.name_sorted is None:
        return _keys_of_owner(claim.account, found)
    return iter(()) if claim.phone is None else _keys_of_namesakes(claim.name_sorted, found)


def _keys_of_owner(account: str | None, found: Iterable[_Found]) -> Iterator[dict[str, Any]]:
    """The citizen numbers of whoever owns the account, wherever they stand."""
    read = list(found) if account is not None else []
    persons = {one.person for one in read if one.record == account} - {None}
    said = (Claim(*one.stored) for one in read if one.record == account or one.person in persons)
    numbers = _known(owner.personal_id for owner in said)
    if numbers:
        yield _NO_KEYS | {"personal_id": _list_of(numbers)}


def _keys_of_namesakes(name: str, found: Iterable[_Found]) -> Iterator[dict[str, Any]]:
    """The phones, where they are several, and the houses of who has this name already."""
    namesakes = _placed_namesakes(name, found)
    phones = _known(other.phone for other in namesakes)
    if len(phones) > 1:
        yield _NO_KEYS | {"phone": _list_of(phones)}
    houses = (other for other in namesakes if other.address)
    for commune in _known(other.commune_code or None for other in houses):
        yield _NO_KEYS | {"name_sorted": name, "commune_code": commune}


def _placed_namesakes(name: str, found: Iterable[_Found]) -> list[Claim]:
    placed = (Claim(*one.stored) for one in found if one.person is not None)
    return [other for other in placed if other.name_sorted == name]


def _known(values: Iterable[str | None]) -> list[str]:
    return sorted({value for value in values if value is not None})


def _says_more(claim: Claim) -> bool:
    return claim.birth_date is not None or any((claim.personal_id, claim.old_id, claim.passport, claim.insurance_no))


def _reopened(arriving: Row, found: Iterable[_Found], rows: Sequence[Row]) -> Iterator[Row]:
    """The rows; a record of a name and a phone alone is nobody's again where somebody of both says more of himself."""
    incoming = [arriving.claim, *(row.claim for row in rows if row.person is None)]
    said = {
        (claim.phone, claim.name_sorted)
        for claim in incoming
        if claim.phone and claim.name_sorted and _says_more(claim)
    }
    for one, row in zip(found, rows, strict=True):
        is_open = one.may_open_again and (row.claim.phone, row.claim.name_sorted) in said
        yield row._replace(person=None) if is_open else row
