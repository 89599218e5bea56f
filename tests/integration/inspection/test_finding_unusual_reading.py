"""Unusual reading is found in the log, once, with the numbers behind it; whatever happens to the worker."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from integration.console.made_index import AN, BINH
from integration.inspection.bench import Bench, today
from pccovid.inspection.rules import KINDS, limit


def peers_have_read(bench: Bench, role: str, persons: list[int]) -> None:
    """Officer-days of other officers in the role within the last weeks, and of nobody else."""
    bench.looks_through_the_log()
    bench.owner.execute("DELETE FROM access.reading_day WHERE role = %s", [role])
    for number, shown in enumerate(persons):
        bench.owner.execute(
            "INSERT INTO access.reading_day VALUES (%s, %s, %s, %s, %s, %s, 0, 0, 0, 0)",
            [900_000 + number % 6, role, today() - timedelta(days=1 + number // 6), shown, shown, shown],
        )


def test_reading_far_above_the_peers_is_found_with_its_numbers(bench: Bench) -> None:
    peers = [3, 4, 5, 5, 6, 7, 8, 5, 4, 6, 5, 5]
    bench.new_officer("curious", "data_steward")
    peers_have_read(bench, "data_steward", peers)
    bench.steward_reads(*bench.people(45), username="curious")
    bench.looks_through_the_log()
    (finding,) = bench.findings("volume", "curious")
    assert finding["evidence"]["measured"] == 45
    assert finding["evidence"]["limit"] == limit(KINDS["volume"], [*peers, 45], 7)
    assert finding["evidence"]["officer_days"] == 13
    assert finding["office"] == "Cơ quan curious"


def test_reading_as_much_as_the_peers_do_is_no_finding(bench: Bench) -> None:
    bench.new_officer("busy", "data_steward")
    peers_have_read(bench, "data_steward", [40, 55, 60, 48, 52, 70, 65, 58, 44, 61, 57, 49])
    bench.steward_reads(*bench.people(62), username="busy")
    bench.looks_through_the_log()
    assert bench.findings("volume", "busy") == []


def test_the_same_reading_looked_at_again_is_one_finding_and_grows_with_its_day(bench: Bench) -> None:
    bench.new_officer("growing", "data_steward")
    peers_have_read(bench, "data_steward", [2, 3, 4, 3, 2, 4] * 2)
    bench.steward_reads(*bench.people(41), username="growing")
    bench.looks_through_the_log()
    bench.owner.execute("UPDATE access.inspected_to SET position = 0")  # a worker that lost its place
    bench.looks_through_the_log()
    bench.steward_reads(*bench.people(9), username="growing")
    bench.looks_through_the_log()
    (finding,) = bench.findings("volume", "growing")
    assert finding["evidence"]["measured"] == 50


def test_a_worker_that_is_killed_midway_leaves_nothing_and_the_next_finds_all(bench: Bench) -> None:
    bench.new_officer("midway", "data_steward", name="Nguyễn Văn An")
    bench.steward_reads(AN, username="midway")
    with bench.console.made.connect("jobs") as jobs:
        jobs.execute("SELECT access.extend_chain(1000)")
        jobs.commit()
        jobs.execute("SELECT * FROM access.inspect_log(1000)")
        jobs.rollback()
    assert bench.findings("own_name", "midway") == []
    bench.looks_through_the_log()
    assert len(bench.findings("own_name", "midway")) == 1


def test_reading_somebody_of_ones_own_name_is_found(bench: Bench) -> None:
    bench.new_officer("namesake", "data_steward", name="nguyễn  văn AN")
    bench.steward_reads(AN, BINH, username="namesake")
    bench.looks_through_the_log()
    (finding,) = bench.findings("own_name", "namesake")
    assert finding["evidence"]["measured"] == 1


def test_reading_somebody_of_a_name_without_the_same_marks_is_not_found(bench: Bench) -> None:
    bench.new_officer("other-marks", "data_steward", name="Nguyễn Văn Ân")
    bench.steward_reads(AN, username="other-marks")
    bench.looks_through_the_log()
    assert bench.findings("own_name", "other-marks") == []


def test_reading_ones_own_household_is_found(bench: Bench) -> None:
    bench.new_officer("spouse", "data_steward", name="Trần Thị Bình")
    (record,) = bench.owner.execute(
        "SELECT record_id FROM people_recordclaim WHERE person_id = %s", [BINH]
    ).fetchone() or (None,)
    (child,) = bench.people(1, name="Trần Văn Con")
    bench.owner.execute(
        "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, kind, other_system, other_kind, other_key, other_record_id)"
        " VALUES (%s, %s, %s, %s, 'ncovi', 'self_declared', now(), 'household', 'vneid', 'vneid', 'x', %s)",
        [uuid4(), child, record, record, record],
    )
    bench.steward_reads(child, username="spouse")
    bench.looks_through_the_log()
    (finding,) = bench.findings("own_household", "spouse")
    assert finding["evidence"]["measured"] == 1
    assert bench.findings("own_name", "spouse") == []


def test_a_person_who_lives_outside_the_area_is_found_and_one_inside_is_not(bench: Bench) -> None:
    bench.new_officer("nurse", "health_station", "00001")
    bench.station_has_read("nurse", AN)
    bench.looks_through_the_log()
    assert bench.findings("out_of_area", "nurse") == []
    bench.station_has_read("nurse", BINH)
    bench.looks_through_the_log()
    (finding,) = bench.findings("out_of_area", "nurse")
    assert finding["area_code"] == "00001"


@pytest.mark.parametrize("case", [None, "", " - ", "x1"])
def test_persons_read_without_a_case_number_are_found(bench: Bench, case: str | None) -> None:
    bench.new_officer("careless", "data_steward")
    bench.steward_reads(*bench.people(3), case=case, username="careless")
    bench.looks_through_the_log()
    (finding,) = bench.findings("no_case", "careless")
    assert finding["evidence"]["measured"] == 3


def test_a_record_that_six_officers_read_in_a_week_is_found_once(bench: Bench) -> None:
    (famous,) = bench.people(1, name="Ca Sĩ Thử")
    for number in range(6):
        bench.new_officer(f"fan-{number}", "data_steward")
        bench.steward_reads(famous, username=f"fan-{number}")
    bench.looks_through_the_log()
    findings = [one for one in bench.findings("much_read") if one["person_id"] == str(famous)]
    assert [one["evidence"]["measured"] for one in findings] == [6]
    assert findings[0]["area_code"] == "00001"


def test_reading_at_night_is_found_only_where_the_role_does_not_do_it(bench: Bench) -> None:
    bench.owner.execute("UPDATE access.inspection_kind SET from_hour = 0, to_hour = 24 WHERE kind = 'odd_hours'")
    try:
        bench.new_officer("awake", "data_steward")
        peers_have_read(bench, "data_steward", [0] * 12)
        bench.steward_reads(*bench.people(12), username="awake")
        bench.looks_through_the_log()
        assert len(bench.findings("odd_hours", "awake")) == 1
        bench.new_officer("on-shift", "data_steward")
        peers_have_read(bench, "data_steward", [12, 15, 11, 14, 16, 13] * 2)
        bench.steward_reads(*bench.people(12), username="on-shift")
        bench.looks_through_the_log()
        assert bench.findings("odd_hours", "on-shift") == []
    finally:
        bench.owner.execute("UPDATE access.inspection_kind SET from_hour = 22, to_hour = 5 WHERE kind = 'odd_hours'")


def test_the_worker_that_looks_may_see_nothing_of_what_it_finds(bench: Bench) -> None:
    with bench.console.made.connect("jobs", autocommit=True) as jobs:
        for table in ("inspection_case", "inspection_decision", "reading_day", "disclosure", "log", "withholding"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                jobs.execute(f"SELECT * FROM access.{table}")
