"""Folding scans in: whose each is, which stay it begins or ends, and into the day it lies in.

As the jobs role, on a plain connection. A pass is one transaction (and one before it that makes the days): a pass that
is killed has done nothing, and the next does the same again under the same numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from pccovid.foundation.access import open_for_job
from pccovid.foundation.provenance import FACILITY, SELF_DECLARED
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.movement.rules import LONGEST_STAY, Passage, Stay, pair_up
from pccovid.people.own_records import SYSTEM, OwnRecord, own_records, standing
from pccovid.people.qr_codes import PersonalQr, read_personal_qr
from pccovid.people.scanned import holders
from pccovid.personal_codes.keys import CodeKeys
from pccovid.personal_codes.letterbox import LetterUnreadable, take_out
from pccovid.personal_codes.rules import CodeRefused, made_at, person_in

_JOB, _PURPOSE, _KIND = "scan_folding", "check_in", "check_in"
_OWN_PAGE, _SAFE_CODE, _OTHER_CODE = 0, 1, 2
_IN, _PAST = 0, 2
_HEAD = 19
_MOST = 5_000
_VIAS = {"unified": "paper_qr", "cccd": "cccd", "bhyt": "bhyt", "vneid": "vneid"}
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


class Waiting(NamedTuple):
    """A scan of the inbox; the columns of access.waiting_scans."""

    once: UUID
    scan_id: UUID
    place_key: str | None
    checkpoint: str | None
    kind: int
    way: int
    happened_at: datetime
    received_at: datetime
    person_id: UUID | None
    content: bytes
    vehicle: str | None
    seat: str | None

    @property
    def is_journey(self) -> bool:
        return self.vehicle is not None and self.way == _IN

    @property
    def provenance(self) -> str:
        return SELF_DECLARED if self.kind == _OWN_PAGE else FACILITY


_TABLES: dict[str, Callable[[Waiting], bool]] = {
    "movement_visit": lambda scan: scan.way != _PAST,
    "movement_scan": lambda scan: scan.way == _PAST,
    "movement_trip": lambda scan: scan.is_journey,
}
"""Which scans become a row of which table."""


@dataclass
class Folded:
    """What a pass came to."""

    visits: int = 0
    passed: int = 0
    held: int = 0
    """Scans of codes whose holder is not certain; they stay, sealed, and can be taken up again."""
    outcomes: dict[UUID, str] = field(default_factory=dict)

    @property
    def scans(self) -> int:
        return self.visits + self.passed + self.held


def fold_scans(connection: psycopg.Connection, keys: CodeKeys, *, now: datetime, most: int = _MOST) -> Folded:
    """One pass over what waits, oldest first; on a connection in autocommit. PC431: too many days are kept."""
    days = _make_days(connection, most)
    folded = Folded()
    with connection.transaction():
        open_for_job(connection, _JOB, purpose=_PURPOSE, legal_basis=EPIDEMIC_LAW)
        scans = [scan for scan in _waiting(connection, most) if _day(scan.happened_at) in days]
        placed, vias = _placed(connection, keys, scans)
        records = own_records(connection, set(placed.values()), kind=_KIND, by=_JOB, now=now)
        of_known = [scan for scan in scans if scan.once in placed]
        _fold_visits(connection, [scan for scan in scans if scan.way != _PAST], placed, vias, records)
        _fold_passes(connection, [scan for scan in of_known if scan.way == _PAST], placed, records)
        _fold_journeys(connection, list(filter(attrgetter("is_journey"), of_known)), placed, records)
        _note(connection, scans, placed, folded)
    return folded


def take_up_held(connection: psycopg.Connection) -> int:
    """Let the scans that are held be tried again, after an import has brought people; returns how many."""
    with connection.transaction():
        open_for_job(connection, _JOB, purpose=_PURPOSE, legal_basis=EPIDEMIC_LAW)
        row = connection.execute("SELECT access.take_up_held_scans()").fetchone()
    return int(row[0]) if row else 0


def _make_days(connection: psycopg.Connection, most: int) -> set[str]:
    with connection.transaction():
        open_for_job(connection, _JOB, purpose=_PURPOSE, legal_basis=EPIDEMIC_LAW)
        scans = _waiting(connection, most)
        for table, wanted in _TABLES.items():
            days = sorted({_day(scan.happened_at) for scan in scans if wanted(scan)})
            if days:
                connection.execute("SELECT access.make_days(%s, %s::date[])", [table, days])
    return {_day(scan.happened_at) for scan in scans}


def _waiting(connection: psycopg.Connection, most: int) -> list[Waiting]:
    rows = connection.execute("SELECT * FROM access.waiting_scans(%s)", [most])
    return [Waiting(*row) for row in rows]


def _day(moment: datetime) -> str:
    return moment.astimezone(_HERE).date().isoformat()


def _placed(
    connection: psycopg.Connection, keys: CodeKeys, scans: Sequence[Waiting]
) -> tuple[dict[UUID, UUID], dict[UUID, str]]:
    """(scan → its person by now, scan → by which kind of code) of those that can be placed."""
    persons: dict[UUID, UUID] = {}
    vias: dict[UUID, str] = {}
    codes: dict[UUID, PersonalQr] = {}
    for scan in scans:
        try:
            if scan.kind == _OWN_PAGE and scan.person_id is not None:
                persons[scan.once], vias[scan.once] = scan.person_id, "own_page"
            elif scan.kind == _SAFE_CODE and len(scan.content) == _HEAD + 16:
                head, hidden = scan.content[:_HEAD], scan.content[_HEAD:]
                persons[scan.once], vias[scan.once] = person_in(keys, scan.content[1], head, hidden), "personal_qr"
            elif scan.kind == _OTHER_CODE:
                codes[scan.once] = code = read_personal_qr(take_out(keys, scan.content, scan.scan_id.bytes))
                vias[scan.once] = _VIAS.get(code.kind or "", "paper_qr")
        except (CodeRefused, LetterUnreadable):
            continue
    _without_revoked(connection, scans, persons)
    persons |= holders(connection, codes)
    now_are = standing(connection, set(persons.values()))
    return {once: now_are[person] for once, person in persons.items() if person in now_are}, vias


def _without_revoked(connection: psycopg.Connection, scans: Sequence[Waiting], persons: dict[UUID, UUID]) -> None:
    """Take away who is named by a code that its owner had revoked after it was issued."""
    since: dict[UUID, datetime] = dict(
        connection.execute("SELECT person_id, date_trunc('second', since) FROM access.revocations_to_fold()").fetchall()
    )
    for scan in scans:
        revoked = since.get(persons[scan.once]) if scan.kind == _SAFE_CODE and scan.once in persons else None
        if revoked and made_at(scan.content) < revoked:
            del persons[scan.once]


def _fold_visits(
    connection: psycopg.Connection, scans: Sequence[Waiting], placed: dict[UUID, UUID], vias: dict[UUID, str],
    records: dict[UUID, OwnRecord],
) -> None:  # fmt: skip
    by_stay: dict[tuple[UUID, str], list[Waiting]] = defaultdict(list)
    for scan in scans:
        if scan.once in placed and scan.place_key is not None:
            by_stay[placed[scan.once], scan.place_key].append(scan)
    known = _half_stays(connection, by_stay, scans)
    for (person, place), there in by_stay.items():
        passages = [Passage(scan.once, scan.happened_at, scan.way != _IN) for scan in there]
        stays = pair_up([stay for stay, _ in known[person, place]], passages)
        firsts = {scan.once: scan for scan in there}
        received = {stay.key: moment for stay, moment in known[person, place]}
        for stay in stays:
            _write_stay(connection, stay, person, place, firsts.get(stay.key), received.get(stay.key), vias, records)


def _half_stays(
    connection: psycopg.Connection, wanted: Iterable[tuple[UUID, str]], scans: Sequence[Waiting]
) -> dict[tuple[UUID, str], list[tuple[Stay, datetime]]]:
    """The stays of these persons at these places that still want their other half, with when each was received."""
    found: dict[tuple[UUID, str], list[tuple[Stay, datetime]]] = defaultdict(list)
    pairs = list(wanted)
    if not pairs:
        return found
    moments = [scan.happened_at for scan in scans]
    rows = connection.execute(
        "SELECT v.person_id, v.place_key, v.id, v.entered_at, v.left_at, v.recorded_at FROM movement_visit v"
        " JOIN unnest(%s::uuid[], %s::text[]) AS w (person_id, place_key)"
        " ON w.person_id = v.person_id AND w.place_key = v.place_key"
        " WHERE (v.left_at IS NULL OR v.entered_at IS NULL) AND v.source_system = %s AND v.superseded_at IS NULL"
        " AND v.day BETWEEN %s AND %s",
        [[person for person, _ in pairs], [place for _, place in pairs], SYSTEM,
         _day(min(moments) - LONGEST_STAY), _day(max(moments) + LONGEST_STAY + timedelta(days=1))],
    )  # fmt: skip
    for person, place, key, entered_at, left_at, recorded_at in rows:
        found[person, place].append((Stay(key, entered_at, left_at), recorded_at))
    return found


def _write_stay(
    connection: psycopg.Connection, stay: Stay, person: UUID, place: str, first: Waiting | None,
    received: datetime | None, vias: dict[UUID, str], records: dict[UUID, OwnRecord],
) -> None:  # fmt: skip
    """A new stay, or the other half of a known one: its day is that of its end, so it may move."""
    moment = stay.left_at or stay.entered_at
    assert moment is not None
    if received is not None:
        connection.execute(
            "UPDATE movement_visit SET entered_at = %s, left_at = %s, day = %s WHERE id = %s AND person_id = %s",
            [stay.entered_at, stay.left_at, _day(moment), stay.key, person],
        )
        return
    assert first is not None
    record = records[person]
    connection.execute(
        "INSERT INTO movement_visit (id, day, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, place_key, entered_at, left_at, via) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [stay.key, _day(moment), person, *record, SYSTEM, first.provenance, first.received_at, place, stay.entered_at,
         stay.left_at, vias[first.once]],
    )  # fmt: skip


def _fold_passes(
    connection: psycopg.Connection, scans: Sequence[Waiting], placed: dict[UUID, UUID], records: dict[UUID, OwnRecord]
) -> None:
    for scan in scans:
        person = placed[scan.once]
        connection.execute(
            "INSERT INTO movement_scan (id, day, person_id, record_id, source_record_id, source_system, provenance,"
            " recorded_at, scanned_at, checkpoint) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [scan.once, _day(scan.happened_at), person, *records[person], SYSTEM, scan.provenance, scan.received_at,
             scan.happened_at, scan.checkpoint],
        )  # fmt: skip


def _fold_journeys(
    connection: psycopg.Connection, scans: Sequence[Waiting], placed: dict[UUID, UUID], records: dict[UUID, OwnRecord]
) -> None:
    """Who came aboard a vehicle made a journey, found by its plate or number and the seat."""
    for scan in scans:
        person = placed[scan.once]
        connection.execute(
            "INSERT INTO movement_trip (id, day, person_id, record_id, source_record_id, source_system, provenance,"
            " recorded_at, trip_key, transport, vehicle_number, seat, departed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'vehicle', %s, %s, %s) ON CONFLICT DO NOTHING",
            [scan.once, _day(scan.happened_at), person, *records[person], SYSTEM, scan.provenance, scan.received_at,
             scan.place_key, scan.vehicle, scan.seat, scan.happened_at],
        )  # fmt: skip


def _note(connection: psycopg.Connection, scans: Sequence[Waiting], placed: dict[UUID, UUID], folded: Folded) -> None:
    for scan in scans:
        is_placed = scan.once in placed and (scan.way == _PAST or scan.place_key is not None)
        outcome = ("passed" if scan.way == _PAST else "visit") if is_placed else "held"
        folded.outcomes[scan.once] = outcome
    count = list(folded.outcomes.values()).count
    folded.visits, folded.passed, folded.held = count("visit"), count("passed"), count("held")
    connection.execute(
        "SELECT access.note_folded(%s::uuid[], %s)", [list(folded.outcomes), list(folded.outcomes.values())]
    )
