"""Scans of the inbox reach their person's record once, under whatever code, and what is uncertain is held."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import AN, BINH, make_index
from pccovid.movement import folding
from pccovid.movement.folding import Folded, fold_scans, take_up_held
from pccovid.people.operations import merge_people
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import Standing, issue
from pccovid.web.scan_lane.wire import Device, reader

DEVICE, GATE = UUID(int=81), UUID(int=82)
NOW = datetime.now(UTC)
CARD = "001090000001||Nguyễn Văn An|17051990|Nam||01052021"
_TAKE = "SELECT access.take_scans(%s::uuid[], %s::uuid[], %s::uuid[], %s::smallint[], %s::smallint[], %s, %s, %s)"


@pytest.fixture(scope="module")
def made_once(prepared_url: str, home: Path) -> MadeDatabase:
    made = database_from(prepared_url, home)
    use_in_django(made, "web")  # merging asks which kinds of fact there are
    with made.connect("owner", autocommit=True) as owner:
        make_index(owner)
        for device, kind, place in ((DEVICE, "place", "CHỢ"), (GATE, "checkpoint", None)):
            owner.execute(
                "INSERT INTO access.scan_device (id, kind, place_key, name, key_hash, registered_by)"
                " VALUES (%s, %s, %s, 'Chốt cầu', %s, 'test')",
                [device, kind, place, device.bytes * 2],
            )
    return made


@pytest.fixture
def made(made_once: MadeDatabase) -> MadeDatabase:
    with made_once.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.scan_inbox; DELETE FROM movement_visit WHERE source_system = 'pccovid';"
                      "DELETE FROM movement_scan")  # fmt: skip
    return made_once


def arrives(
    made: MadeDatabase, code: str, *, way: str = "in", ago: timedelta = timedelta(), at_gate: bool = False
) -> UUID:
    """A scan that the lane has read and stored as it does."""
    device = Device(GATE, "checkpoint", None) if at_gate else Device(DEVICE, "place", "CHỢ")
    number = uuid4()
    raw = json.dumps(
        {"id": str(number), "code": code, "way": way, "at": (datetime.now(UTC) - ago).isoformat()}
    ).encode()
    row = reader(code_keys().for_lane(), device, None, datetime.now(UTC))(raw)
    with made.connect("scan") as lane:
        lane.execute(_TAKE, [[value] for value in row])
    return number


def code_of(person: UUID, ago: timedelta = timedelta()) -> str:
    return issue(code_keys(), person, Standing(is_verified=True), now=datetime.now(UTC) - ago)


def fold(made: MadeDatabase) -> Folded:
    with made.connect("jobs", autocommit=True) as jobs:
        return fold_scans(jobs, code_keys(), now=datetime.now(UTC))


def visits(made: MadeDatabase) -> list[tuple[Any, ...]]:
    with made.connect("owner") as owner:
        return owner.execute(
            "SELECT person_id, place_key, via, provenance, left_at - entered_at, day FROM movement_visit"
            " WHERE source_system = 'pccovid' ORDER BY entered_at NULLS LAST, left_at"
        ).fetchall()


def test_coming_and_going_under_ones_own_code_is_one_visit_in_its_day(made: MadeDatabase) -> None:
    hour = timedelta(hours=1)
    arrives(made, code_of(AN, hour), ago=hour)
    assert fold(made).visits == 1
    arrives(made, code_of(AN), way="out")
    assert fold(made).visits == 1
    ((person, place, via, provenance, stayed, _),) = visits(made)
    assert (person, place, via, provenance) == (AN, "CHỢ", "personal_qr", "facility")
    assert abs(stayed - hour) < timedelta(seconds=20)
    assert fold(made).scans == 0


def test_a_card_is_placed_where_number_and_name_agree_and_held_where_they_do_not(made: MadeDatabase) -> None:
    arrives(made, CARD)
    arrives(made, CARD.replace("Nguyễn Văn An", "Nguyễn Văn Ân"))
    arrives(made, CARD.replace("Nguyễn Văn An", "Lê Văn Khác"))
    arrives(made, CARD.replace("17051990", "17051991"))
    arrives(made, CARD.replace("001090000001", "001090000009"))
    arrives(made, "******000001|NGUYEN VAN AN|1990-**-**|0|162979388586171100|")
    folded = fold(made)
    assert (folded.visits, folded.held) == (2, 4)  # without marks An and Ân are written alike, as in a unified code
    assert {(row[0], row[2]) for row in visits(made)} == {(AN, "cccd")}
    with made.connect("jobs", autocommit=True) as jobs:
        assert take_up_held(jobs) == 4
    assert fold(made).held == 4


def test_what_was_placed_says_no_more_whose_it_was(made: MadeDatabase) -> None:
    arrives(made, code_of(AN))
    held = arrives(made, CARD.replace("001090000001", "001090000009"))
    fold(made)
    with made.connect("owner") as owner:
        kept = owner.execute(
            "SELECT scan_id, outcome, octet_length(content) > 0, person_id FROM access.scan_inbox ORDER BY outcome"
        ).fetchall()
    assert [(row[1], row[2], row[3]) for row in kept] == [("held", True, None), ("visit", False, None)]
    assert kept[0][0] == held


def test_a_pass_broken_off_and_done_again_writes_each_visit_once(
    made: MadeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        arrives(made, code_of(AN if number % 2 else BINH), way="out" if number == 3 else "in")
    with monkeypatch.context() as broken:
        broken.setattr(folding, "_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fold(made)
    assert visits(made) == []
    assert (fold(made).visits, fold(made).scans) == (5, 0)
    assert len(visits(made)) == 4  # one of the five closed another's visit, or waits for its beginning


def test_a_checkpoints_scan_is_a_passage_of_its_person(made: MadeDatabase) -> None:
    arrives(made, code_of(BINH), way="past", at_gate=True)
    arrives(made, CARD.replace("001090000001", "001090000009"), way="past", at_gate=True)
    assert (fold(made).passed, visits(made)) == (1, [])
    with made.connect("owner") as owner:
        rows = owner.execute("SELECT person_id, checkpoint, trip_key FROM movement_scan").fetchall()
    assert rows == [(BINH, "Chốt cầu", None)]


def test_the_visits_of_a_merged_person_go_with_them_and_later_ones_follow(made: MadeDatabase) -> None:
    arrives(made, code_of(BINH))
    fold(made)
    with made.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'link_repair', 'link_repair', 'data_repair', 'test', 'all')")
        jobs.execute("UPDATE people_recordclaim SET id_verified = false")
        merge_people(jobs, kept=AN, absorbed=BINH, reason="test", by="test", now=NOW)
        jobs.commit()
    assert {row[0] for row in visits(made)} == {AN}
    arrives(made, code_of(BINH), way="out")
    fold(made)
    assert {row[0] for row in visits(made)} == {AN}


def test_folding_is_for_its_own_purpose_alone(made: MadeDatabase) -> None:
    for role, opened in (("jobs", "carry_over"), ("web", None)):
        with made.connect(role) as connection:
            if opened:
                connection.execute("SELECT access.open('job', %s, %s, %s, 'test', 'all')", [opened] * 3)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM access.waiting_scans(10)")


@pytest.mark.parametrize(
    ("name", "year", "placed"),
    [("Nguyễn Văn An", 1990, [AN]), ("Nguyễn Văn Anh", 1990, []), ("Nguyễn Văn An", 1991, [])],
)
def test_a_phone_number_of_a_paper_list_places_only_whose_name_and_year_fit(
    made: MadeDatabase, name: str, year: int, placed: list[UUID]
) -> None:
    arrives(made, f"|{name}|{year}-00-00|1||<<<0912000001")
    folded = fold(made)
    assert [row[0] for row in visits(made)] == placed
    assert (folded.visits, folded.held) == (len(placed), 1 - len(placed))


def test_who_is_scanned_aboard_a_vehicle_has_made_a_journey(made: MadeDatabase) -> None:
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO access.place (place_key, name, kind, commune_code, address, print, registered_by)"
            " VALUES ('CHỢ', '29B-123.45', 'vehicle', '00001', '', '', 'commune')"
        )
        try:
            arrives(made, code_of(AN))
            arrives(made, code_of(AN), way="out")
            fold(made)
            told = owner.execute("SELECT person_id, vehicle_number, trip_key FROM movement_trip").fetchall()
        finally:
            owner.execute("DELETE FROM access.place WHERE place_key = 'CHỢ'; DELETE FROM movement_trip")
    assert told == [(AN, "29B-123.45", "CHỢ")]


def test_two_people_of_one_phone_name_and_year_are_nobody(made: MadeDatabase) -> None:
    twin = uuid4()
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO people_person (id, name, birth_date, birth_precision, is_identity_verified, attribute_sources,"
            " created_at) VALUES (%s, 'Nguyễn Văn An', '1990-12-01', 'day', false, '{}', now())", [twin],
        )  # fmt: skip
        owner.execute(
            "INSERT INTO people_contactpoint (id, person_id, system, value, sealed, is_own, sources)"
            " SELECT gen_random_uuid(), %s, system, value, sealed, is_own, sources FROM people_contactpoint"
            " WHERE person_id = %s AND system = 'phone'", [twin, AN],
        )  # fmt: skip
        arrives(made, "|Nguyễn Văn An|1990-00-00|1||<<<0912000001")
        assert fold(made).held == 1
        owner.execute("DELETE FROM people_contactpoint WHERE person_id = %s", [twin])
        owner.execute("DELETE FROM people_person WHERE id = %s", [twin])
