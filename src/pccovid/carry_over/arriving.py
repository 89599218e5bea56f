"""Records that arrive one by one: matched and made visible at once, as an import would do with each alone.

    with connection.transaction():
        open_for_job(connection, "exchange", …)
        index = ArrivingIndex(connection, run, by=…, now=…)
        index.hold(rows)
        placed = [index.place(row) for row in rows]
        index.settle()

Whose a record is, is decided by `MatchableIndex`; versions, links, facts and golden records are written as
publish.sql writes them. An arriving record never merges two persons: an import, or an officer, does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from pccovid.carry_over import arriving_sql as write
from pccovid.carry_over.matching import NEEDS_IMPORT, MatchableIndex
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.reading import read_payload
from pccovid.connectors.rows import ACCEPTED, ParsedRow
from pccovid.foundation.facts import StagedFact, registered, settle_few
from pccovid.foundation.key_ring import key_ring
from pccovid.foundation.sealing import sealer
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.nodes import Row
from pccovid.people.golden import refresh_few
from pccovid.people.operations import IndexIsBusy
from pccovid.people.sources import provenance_of

LINKED, NEW, HELD, REJECTED = "linked", "new", "held", "rejected"
ACCOUNT_NOT_FOUND = "account_not_found"
_TAKE_PART = b"""
SELECT pg_try_advisory_xact_lock_shared(hashtext('pccovid carry over')),
       (SELECT count(pg_advisory_xact_lock(k)) FROM unnest(%s::bigint[]) AS k)"""
# A statement of its own after the locks, so that it sees what whoever held them wrote.
_WHAT_IS_KNOWN = b"""
WITH known AS MATERIALIZED (
    SELECT record_id, version, content_hash, person_id FROM people_recordclaim WHERE record_id = ANY (%(ids)s::uuid[])
    FOR UPDATE
)
SELECT 'known', record_id, NULL, version, content_hash, person_id FROM known
UNION ALL SELECT 'account', NULL, record, NULL, NULL, person_id FROM people_recordclaim
    WHERE record = ANY (%(accounts)s::text[])
UNION ALL (SELECT DISTINCT 'waited for', NULL::uuid, account, NULL::integer, NULL::bytea, NULL::uuid
    FROM people_recordclaim WHERE account = ANY (%(names)s::text[]) AND person_id IS NULL AND name IS NULL)
UNION ALL SELECT 'taken', id, NULL, NULL, NULL, NULL FROM people_person WHERE id = ANY (%(persons)s::uuid[])
UNION ALL (SELECT DISTINCT 'unplaced', record_id, NULL, NULL::integer, NULL::bytea, NULL::uuid
    FROM people_unplacedrow WHERE record_id = ANY (%(ids)s::uuid[]) AND resolved_at IS NULL)"""


@dataclass(frozen=True)
class Placed:
    """What became of a row. `facts`: ids of the facts that stand now; `is_unchanged`: it came before exactly so."""

    record: UUID
    outcome: str
    reason: str
    person: UUID | None
    version: int
    facts: tuple[tuple[str, UUID], ...] = ()
    is_unchanged: bool = False
    match: Match | None = None


@dataclass
class _Known:
    """What the index holds under a record's name."""

    version: int
    mark: bytes
    person: UUID | None
    is_known: bool = True


@dataclass
class ArrivingIndex:
    """The index in one transaction in which records arrive; access to write must be open in it."""

    connection: psycopg.Connection
    run: int
    context: ReadingContext
    by: str
    now: datetime
    touched: set[UUID] = field(default_factory=set)
    """Persons whose golden record must be derived anew."""
    told_of: set[UUID] = field(default_factory=set)
    """Persons whose record was written to or read."""

    def __post_init__(self) -> None:
        self._keys = sealer()
        self._facts: dict[str, StagedFact] = {fact.name: fact for fact in registered()}
        self._settling: set[UUID] = set()
        self._kinds_changed: set[str] = set()
        """Kinds of facts that were written, or went to another person."""
        self._index: MatchableIndex | None = None
        self._known: dict[UUID, _Known] = {}
        self._persons: dict[str, UUID | None] = {}
        """Record → its person, of accounts that rows of this message hang on."""
        self._waited_for: set[str] = set()
        """Accounts on which records hang that wait for their person."""
        self._taken: set[UUID] = set()
        """Of the ids that new persons would get, those that are taken."""
        self._unplaced: set[UUID] = set()
        """Records of which something waits to be placed."""
        self._writes = write.Writes(self.connection)

    def hold(self, rows: Iterable[ParsedRow]) -> None:
        """Keep imports, and others who write about the same people, out until the end. Raises IndexIsBusy."""
        if key_ring().lookup.is_rotating:
            raise IndexIsBusy("look-up keys are half rotated; send it again when that has been finished")
        held = list(rows)
        # All asked before the first answer is waited for: in a pipeline one round trip.
        about = next((row for row in held if row.claim is not None and not _is_bare(row.claim)), None)
        self._index = MatchableIndex(self.connection) if about is not None else None
        locks = sorted({_lock(name) for row in held for name in _shared(row)})
        takes_part = self.connection.execute(_TAKE_PART, [locks], prepare=True)
        known = self.connection.execute(_WHAT_IS_KNOWN, _names_asked(held), prepare=True)
        if self._index is not None and about is not None:
            self._index.surroundings.ask_ahead(_as_row(about))
        (is_part, _), *_ = takes_part.fetchall()
        if not is_part:
            raise IndexIsBusy("an import is linking; send it again when that has been published")
        self._note_known(known)

    def _note_known(self, found: Iterable[tuple[str, UUID, str, int, bytes, UUID | None]]) -> None:
        for about, number, name, version, mark, person in found:
            if about == "known":
                self._known[number] = _Known(version, mark, person)
            elif about == "account":
                self._persons[name] = person
            elif about == "waited for":
                self._waited_for.add(name)
            elif about == "taken":
                self._taken.add(number)
            else:
                self._unplaced.add(number)

    def place(self, row: ParsedRow, *, only_new: bool = False) -> Placed:
        """Write one row down: its version, whose it is, what it carries. `only_new`: unless its record is known."""
        record = _record_id(record_name(row))
        known = self._known.get(record) or _Known(0, b"", None, is_known=False)
        mark = self._keys.mark(row.content_hash)
        if row.verdict != ACCEPTED:
            if self._writes.has(record):
                self._writes.flush()
            self._set_aside(row, record, row.verdict, row.reason, {})
            return Placed(record, row.verdict, row.reason, known.person, known.version)
        if known.is_known and (only_new or bytes(known.mark) == mark):
            return self._unchanged(row, record, known)
        return self._written(row, record, known, mark)

    def settle(self) -> None:
        """Derive what hangs on the touched persons anew: golden records, repeated doses."""
        self._writes.flush()
        everybody = self.touched | self._settling
        self.told_of |= everybody
        if not everybody:
            return
        if self.touched:
            refresh_few(self.connection, sorted(self.touched))
        settle_few(self.connection, sorted(everybody), sorted(self._kinds_changed))

    def _unchanged(self, row: ParsedRow, record: UUID, known: _Known) -> Placed:
        if known.person is None:
            self._writes.flush()
            reason = write.last_reason(self.connection, record)
            return Placed(record, HELD, reason, None, known.version, is_unchanged=True)
        self.told_of.add(known.person)
        facts = self._fact_ids(row, record, known.version)
        return Placed(record, LINKED, "", known.person, known.version, facts, is_unchanged=True)

    def _written(self, row: ParsedRow, record: UUID, known: _Known, mark: bytes) -> Placed:
        if self._writes.has(record):
            self._writes.flush()
        match = self._match(row)
        person, outcome = self._person(row, match, known)
        version = known.version + 1
        write.source_record(self._writes, self.run, row, record, version, mark, self.now, self._keys)
        if person != known.person or not known.is_known:
            write.link(self._writes, record, person, match, self.by, self.now)
        assert row.claim is not None
        write.claim(self._writes, row, record, version, mark, person, self._keys)
        self._write_facts(row, record, version, person, is_known=known.is_known)
        self._note_touched(row.claim, person, known.person)
        self._known[record] = _Known(version, mark, person)
        self._persons[record_name(row)] = person
        if outcome == HELD:
            self._hold_back(row, record, match)
        else:
            if record in self._unplaced:
                self._writes.resolve(record, match.decision, self.now)
            if not _is_bare(row.claim):
                self._bring_along(record_name(row), known.person, person)
        facts = self._fact_ids(row, record, version) if person else ()
        return Placed(record, outcome, match.reason or "", person, version, facts, match=match)

    def _match(self, row: ParsedRow) -> Match:
        assert row.claim is not None
        if not _is_bare(row.claim):
            assert self._index is not None
            if self._writes.flush():  # two records of one message may be one person's
                self._index.surroundings.forget_asked()
            return self._index.match_one(_as_row(row))
        person = self._persons.get(row.claim.account or "")
        if person is None:
            return Match(HELD, None, None, ACCOUNT_NOT_FOUND, None, None, (), "account")
        return Match("exact", str(person), None, None, None, write.BY_ACCOUNT.evidence, (), "account")

    def _person(self, row: ParsedRow, match: Match, known: _Known) -> tuple[UUID | None, str]:
        """Whose the row is now, and what the ledger calls that."""
        if match.decision in (HELD, NEEDS_IMPORT):
            return None, HELD
        if match.person is not None:
            return UUID(match.person), LINKED
        if known.person is not None and write.is_alone(self.connection, known.person, record_name(row)):
            return known.person, LINKED
        wanted = _person_id(row)
        made = uuid4() if wanted in self._taken else wanted
        self._taken.add(made)
        write.person(self._writes, made, self.now)
        return made, NEW

    def _write_facts(self, row: ParsedRow, record: UUID, version: int, person: UUID | None, *, is_known: bool) -> None:
        source = source_id(record, version)
        # What older versions carried may have been of any kind.
        self._kinds_changed |= self._facts.keys() if is_known else {fact.kind for fact in row.facts}
        if is_known:
            write.supersede(self._writes, self._facts.values(), record, source, self.now)
        for position, carried in enumerate(row.facts if person is not None else ()):
            fact = self._facts[carried.kind]
            write.fact(
                self._writes, fact, carried.values, fact_id(source, fact.name, position),
                (person, record, source, row.system, provenance_of(row.system, fact.name), self.now), self._keys,
            )  # fmt: skip

    def _bring_along(self, account: str, before: UUID | None, person: UUID | None) -> None:
        """What hangs on this record as its account goes with it; what was held for want of it finds its person."""
        if before is not None and before != person:
            self._writes.flush()
            self._kinds_changed |= self._facts.keys()
            write.move_bare(self.connection, self._facts.values(), account, before, person, self.by, self.now)
        for stored in write.held_under(self.connection, account) if account in self._waited_for else ():
            row = read_payload(*stored, context=self.context)[0]
            record = _record_id(record_name(row))
            version, _ = write.adopt(self.connection, record, person, self.by, self.now)
            if row.verdict == ACCEPTED:
                self._write_facts(row, record, version, person, is_known=False)
            self._known[record] = _Known(version, self._keys.mark(row.content_hash), person)
            self._writes.resolve(record, "exact", self.now)

    def _note_touched(self, claim: Claim, *persons: UUID | None) -> None:
        """A bare row adds nothing to the golden record; what hangs on its facts is derived anew all the same."""
        target = self._settling if _is_bare(claim) else self.touched
        target.update(person for person in persons if person is not None)

    def _hold_back(self, row: ParsedRow, record: UUID, match: Match) -> None:
        reason = match.reason or match.decision
        evidence = dict(match.candidates[0].evidence or {}) if match.candidates else {}
        self._set_aside(row, record, HELD, reason, evidence)
        write.review_pairs(self._writes, self.run, record_name(row), match)

    def _set_aside(self, row: ParsedRow, record: UUID, outcome: str, reason: str, evidence: Mapping[str, Any]) -> None:
        write.unplaced(self._writes, self.run, row, record, outcome, reason, evidence, self._keys)
        self._unplaced.add(record)

    def _fact_ids(self, row: ParsedRow, record: UUID, version: int) -> tuple[tuple[str, UUID], ...]:
        source = source_id(record, version)
        return tuple((fact.kind, fact_id(source, fact.kind, place)) for place, fact in enumerate(row.facts))


def _names_asked(rows: Sequence[ParsedRow]) -> dict[str, list[Any]]:
    """What the index is asked about before rows are placed."""
    names = [record_name(row) for row in rows]
    accounts = {row.claim.account for row in rows if row.claim is not None and row.claim.account}
    return {
        "ids": [_record_id(name) for name in names], "names": names, "accounts": sorted(accounts),
        "persons": [_person_id(row) for row in rows],
    }  # fmt: skip


def _as_row(row: ParsedRow) -> Row:
    """A row that claims something, as linkage takes it."""
    assert row.claim is not None
    return Row(record_name(row), None, row.claim)


def _person_id(row: ParsedRow) -> UUID:
    """The id of a person whom this record opens, as an import would choose it."""
    return _record_id("person:" + record_name(row))


def record_name(row: ParsedRow) -> str:
    """`system:kind:key`."""
    return f"{row.system}:{row.kind}:{row.key}"


def source_id(record: UUID, version: int) -> UUID:
    """The id of one version of a record, as arrange.sql makes it."""
    return _record_id(f"{record}/{version}")


def fact_id(source: UUID, kind: str, position: int) -> UUID:
    """The id of a fact, as carry_over.facts.fact_id makes it."""
    return _record_id(f"{source}/{kind}/{position}")


def _record_id(text: str) -> UUID:
    return UUID(hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest())


def _is_bare(claim: Claim) -> bool:
    """Whether the row says nothing of its person but whose account it hangs on."""
    return claim.account is not None and claim == Claim(account=claim.account)


def _shared(row: ParsedRow) -> Sequence[str]:
    """What two senders may write about at once: the record, its account, and what would make them one person."""
    claim = row.claim or Claim()
    numbers = (claim.personal_id, claim.old_id, claim.passport, claim.insurance_no, claim.qid, claim.phone)
    names = [record_name(row), *(text for text in (claim.account, *numbers) if text)]
    return [*names, f"{claim.name_sorted}/{claim.birth_date}"] if claim.name_sorted else names


def _lock(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
