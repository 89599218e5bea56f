"""A person's own view of who looked: complete, paged, kept back only by a dated rule, and open to complaint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from integration.console.made_index import AN, BINH
from integration.inspection.bench import Bench
from integration.security.people_in_sight import citizen_browser

WORDS = "Tôi chưa từng khám ở nơi này"


def readings(bench: Bench, person: Any, skipped: int = 0, most: int | None = None) -> list[tuple[Any, ...]]:
    with bench.own(person) as web:
        return web.execute("SELECT * FROM access.readings_of(%s, %s, %s)", [person, skipped, most]).fetchall()


def complaints(bench: Bench, person: Any) -> list[tuple[Any, ...]]:
    with bench.own(person) as web:
        return web.execute(
            "SELECT number, words, state, outcome, answer FROM access.complaints_of(%s)", [person]
        ).fetchall()


@contextmanager
def rule(
    bench: Bench, effect: str, *, since: str = "-1 day", until: str = "1 day", verified: bool = True
) -> Iterator[None]:
    """A rule that keeps repair of data back for ten days, between two moments from now."""
    bench.owner.execute(
        "INSERT INTO access.withholding (purpose, effect, valid_from, valid_to, days, legal_basis, is_verified)"
        " VALUES ('data_repair', %s, now() + %s::interval, now() + %s::interval, 10, 'Điều 1 Luật thử', %s)",
        [effect, since, until, verified],
    )
    try:
        yield
    finally:
        bench.owner.execute("DELETE FROM access.withholding")


def test_every_reading_is_told_newest_first_page_by_page(bench: Bench) -> None:
    (person,) = bench.people(1)
    entries = [bench.steward_reads(person, case=f"VV-{number}") for number in range(5)]
    assert [row[0] for row in readings(bench, person)] == entries[::-1]
    assert [row[0] for row in readings(bench, person, 2, 2)] == entries[::-1][2:4]
    newest = readings(bench, person)[0]
    assert newest[2:5] == ("data_steward", "Cơ quan steward", "data_repair")
    assert newest[6:9] == ("VV-4", ["identity"], False)


def test_nothing_of_another_person_is_told(bench: Bench) -> None:
    bench.steward_reads(BINH)
    with bench.own(AN) as web:
        for function in ("readings_of(%s, 0, 9)", "withheld_of(%s)", "program_readings_of(%s)", "complaints_of(%s)"):
            assert web.execute(f"SELECT * FROM access.{function}", [BINH]).fetchall() == [], function


def test_an_officer_cannot_use_the_view_that_is_for_the_person(bench: Bench) -> None:
    bench.steward_reads(AN)
    with bench.officer("steward", "data_steward", "data_repair") as web:
        assert web.execute("SELECT * FROM access.readings_of(%s, 0, 9)", [AN]).fetchall() == []


def test_readings_of_a_record_that_was_merged_into_theirs_are_told(bench: Bench) -> None:
    kept, absorbed = bench.people(2)
    reading = bench.steward_reads(absorbed)
    bench.owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [kept, absorbed])
    assert [row[0] for row in readings(bench, kept)] == [reading]


def test_a_delayed_reading_is_counted_with_its_day_and_law_and_told_later(bench: Bench) -> None:
    (person,) = bench.people(1)
    bench.steward_reads(person)
    with rule(bench, "delay"):
        assert readings(bench, person) == []
        with bench.own(person) as web:
            ((effect, count, _, basis),) = web.execute("SELECT * FROM access.withheld_of(%s)", [person]).fetchall()
        assert (effect, count, basis) == ("delay", 1, "Điều 1 Luật thử")
    assert len(readings(bench, person)) == 1


def test_a_masked_reading_is_told_without_office_and_case(bench: Bench) -> None:
    (person,) = bench.people(1)
    bench.steward_reads(person)
    with rule(bench, "mask"):
        (row,) = readings(bench, person)
        assert (row[2], row[3], row[6], row[8]) == ("", "", None, True)


@pytest.mark.parametrize("dates", [{"since": "-9 days", "until": "-1 day"}, {"since": "1 day", "until": "9 days"},
                                   {"verified": False}])  # fmt: skip
def test_a_rule_outside_its_dates_or_without_a_lawyers_word_keeps_nothing_back(
    bench: Bench, dates: dict[str, Any]
) -> None:
    (person,) = bench.people(1)
    bench.steward_reads(person)
    with rule(bench, "delay", **dates):
        assert len(readings(bench, person)) == 1


def test_programs_are_told_as_programs_and_folded_together(bench: Bench) -> None:
    with bench.console.made.connect("jobs") as jobs:
        for _ in range(3):
            with jobs.transaction():
                jobs.execute("SELECT access.open('job', 'carry_over', 'carry_over', 'carry_over', 'Luật', 'all')")
    bench.looks_through_the_log()
    with bench.own(AN) as web:
        rows = web.execute(
            "SELECT purpose, program, is_of_all, readings FROM access.program_readings_of(%s)", [AN]
        ).fetchall()
    assert [(purpose, program, of_all) for purpose, program, of_all, _ in rows] == [("carry_over", "carry_over", True)]
    assert rows[0][3] >= 3


def test_a_complaint_opens_a_case_and_its_answer_comes_back(bench: Bench) -> None:
    (person,) = bench.people(1)
    reading = bench.steward_reads(person)
    case = bench.complains(person, reading, WORDS)
    assert complaints(bench, person) == [(case, WORDS, "open", None, None)]
    assert readings(bench, person)[0][9] == case
    bench.decides(case, "not_justified", answer="Lần xem này không có lý do; cán bộ bị xử lý")
    ((_, _, state, outcome, answer),) = complaints(bench, person)
    assert (state, outcome, answer) == ("decided", "not_justified", "Lần xem này không có lý do; cán bộ bị xử lý")


def test_the_answer_names_neither_the_inspector_nor_the_inner_reason(bench: Bench) -> None:
    case = bench.complains(AN, bench.steward_reads(AN))
    bench.decides(case, reason="Chuyện nội bộ giữa hai cơ quan với nhau")
    told = str(complaints(bench, AN))
    assert "nội bộ" not in told
    assert "Cán bộ inspector" not in told


@pytest.mark.parametrize(("code", "words"), [("PC432", "sai"), ("PC432", "  \n ")])
def test_a_complaint_needs_words(bench: Bench, code: str, words: str) -> None:
    with pytest.raises(psycopg.Error) as error:
        bench.complains(AN, bench.steward_reads(AN), words)
    assert error.value.sqlstate == code


def test_nobody_objects_to_a_reading_of_somebody_else(bench: Bench) -> None:
    reading = bench.steward_reads(BINH)
    for person in (AN, BINH):
        with pytest.raises(psycopg.Error) as error, bench.own(AN) as web:
            web.execute("SELECT access.complain(%s, %s, %s)", [person, reading, WORDS])
        assert error.value.sqlstate == "PC431"


def test_one_reading_is_objected_to_once_and_ten_in_a_day(bench: Bench) -> None:
    (person,) = bench.people(1)
    first = [bench.steward_reads(person) for _ in range(11)]
    for reading in first[:10]:
        bench.complains(person, reading)
    for reading, code in ((first[10], "PC434"), (first[0], "PC434")):
        with pytest.raises(psycopg.Error) as error:
            bench.complains(person, reading)
        assert error.value.sqlstate == code
    (other,) = bench.people(1)
    reading = bench.steward_reads(other)
    bench.complains(other, reading)
    with pytest.raises(psycopg.Error) as error:
        bench.complains(other, reading)
    assert error.value.sqlstate == "PC433"


def test_a_complaint_that_is_decided_needs_an_answer_for_the_person(bench: Bench) -> None:
    case = bench.complains(AN, bench.steward_reads(AN))
    with pytest.raises(psycopg.Error) as error:
        bench.decides(case, answer=" ")
    assert error.value.sqlstate == "PC426"


def test_a_guardian_sees_who_looked_at_the_child_and_complains_for_it(bench: Bench) -> None:
    (child,) = bench.people(1, name="Nguyễn Bé Con")
    bench.owner.execute("UPDATE people_person SET birth_date = current_date - 1000 WHERE id = %s", [child])
    (record,) = bench.owner.execute(
        "SELECT record_id FROM people_recordclaim WHERE person_id = %s", [AN]
    ).fetchone() or (None,)
    bench.owner.execute(
        "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, kind, other_system, other_kind, other_key, other_record_id)"
        " VALUES (%s, %s, %s, %s, 'vneid', 'official', now(), 'guardian', 'vneid', 'vneid', 'x', %s)",
        [uuid4(), child, record, record, record],
    )
    reading = bench.steward_reads(child)
    parent = citizen_browser(bench.console, AN)
    page = parent.get("/ai-da-xem/con/1").content.decode()
    assert "Ai đã xem hồ sơ của Nguyễn Bé Con" in page
    assert "Cơ quan steward" in page
    assert parent.post(f"/ai-da-xem/{reading}/khong-dung", {"words": WORDS}).headers["Location"] == "/ai-da-xem/con/1"
    case = bench.one(
        bench.owner,
        "SELECT to_jsonb(c) FROM access.inspection_case c WHERE kind = 'complaint' AND person_id = %s",
        child,
    )
    assert case["evidence"] == {"by_guardian": True}
    assert citizen_browser(bench.console, BINH).get("/ai-da-xem/con/1").status_code == 404
    bench.owner.execute("DELETE FROM people_relationship WHERE person_id = %s", [child])
    assert parent.get("/ai-da-xem/con/1").status_code == 404


@pytest.mark.parametrize("purpose", ["export", "carry_over"])
def test_an_export_stands_among_the_readings_and_another_program_apart(bench: Bench, purpose: str) -> None:
    (person,) = bench.people(1)
    bench.owner.execute("ALTER TABLE access.log DISABLE TRIGGER USER")
    bench.owner.execute(
        "WITH made AS (INSERT INTO access.log (actor_kind, actor, role, office, purpose, legal_basis, scope_kind,"
        " case_reference, readable, writable, connected_as) VALUES ('job', 'bulk_export', 'bulk_export', '', %s,"
        " 'Luật thử', 'all', 'XD-5', '{identity}', '{}', 'test') RETURNING id)"
        " INSERT INTO access.disclosure (log_id, person_id, categories) SELECT id, %s, '{identity}' FROM made",
        [purpose, person],
    )
    bench.owner.execute("ALTER TABLE access.log ENABLE TRIGGER USER")
    with bench.own(person) as web:
        told = web.execute(
            "SELECT program, readings FROM access.program_readings_of(%s) WHERE NOT is_of_all", [person]
        ).fetchall()
    among = [(row[4], row[6]) for row in readings(bench, person)]
    assert (among, told) == (([("export", "XD-5")], []) if purpose == "export" else ([], [("bulk_export", 1)]))
