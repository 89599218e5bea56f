"""The inspector's desk in the database: who sees which case, who may decide, and what a decision does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from integration.console.made_index import AN, BINH
from integration.inspection.bench import Bench

REASON = "Người bệnh bất tỉnh được đưa vào trạm, cần biết tiền sử ngay"


def refused(code: str, act: Callable[..., Any], *values: Any, **named: Any) -> None:
    with pytest.raises(psycopg.Error) as error:
        act(*values, **named)
    assert error.value.sqlstate == code


def break_glass(bench: Bench, username: str) -> int:
    """The case of an emergency opening of Bình's record by this officer."""
    appointment = bench.one(
        bench.owner, "SELECT id FROM access.appointment WHERE officer_id = %s", bench.accounts[username]
    )
    with bench.console.made.connect("web", autocommit=True) as web:
        glass = bench.one(
            web, "SELECT access.break_glass(%s, %s, %s, %s)", bench.accounts[username], appointment, REASON, BINH
        )
    return int(bench.one(bench.owner, "SELECT id FROM access.inspection_case WHERE glass_id = %s", glass))


def seen_cases(bench: Bench, username: str = "inspector", area: str | None = None) -> set[int]:
    with bench.inspector(username, area) as web:
        rows = web.execute("SELECT number FROM access.inspection_cases('', '', false, 0, 10000)").fetchall()
    return {number for (number,) in rows}


def case_of(bench: Bench, case: int, username: str = "inspector") -> dict[str, Any]:
    with bench.inspector(username) as web:
        cursor = web.execute("SELECT * FROM access.inspection_case_of(%s)", [case])
        row, names = cursor.fetchone(), [column.name for column in cursor.description or ()]
    assert row is not None
    return dict(zip(names, row, strict=True))


def test_an_emergency_opening_waits_at_the_desk_from_the_moment_it_happens(bench: Bench) -> None:
    case = break_glass(bench, "station")
    shown = case_of(bench, case)
    assert (shown["kind"], shown["state"], shown["reason_given"]) == ("break_glass", "open", REASON)
    assert shown["person_name"] == "Trần Thị Bình"
    assert (shown["due_at"] - shown["opened_at"]).total_seconds() == pytest.approx(24 * 3600, abs=60)


def test_a_review_that_is_late_is_overdue_and_first_in_the_queue(bench: Bench) -> None:
    late, fresh = break_glass(bench, "station"), break_glass(bench, "police")
    bench.owner.execute("ALTER TABLE access.inspection_case DISABLE TRIGGER inspection_case_is_kept")
    bench.owner.execute("UPDATE access.inspection_case SET due_at = now() - interval '9 years' WHERE id = %s", [late])
    bench.owner.execute("ALTER TABLE access.inspection_case ENABLE TRIGGER inspection_case_is_kept")
    with bench.inspector() as web:
        first, *others = web.execute(
            "SELECT number, is_overdue FROM access.inspection_cases('', 'waiting', false, 0, 10000)"
        ).fetchall()
        overdue = web.execute("SELECT number FROM access.inspection_cases('', '', true, 0, 10000)").fetchall()
        counts = {kind: over for kind, _, over in web.execute("SELECT * FROM access.inspection_counts()")}
    assert first == (late, True)
    assert (fresh, False) in others
    assert (late,) in overdue
    assert counts["break_glass"] >= 1
    bench.decides(late)


def test_a_decision_shuts_the_case_and_reviews_the_glass(bench: Bench) -> None:
    case = break_glass(bench, "station")
    assert bench.decides(case, "not_justified") == "untouched"
    glass = bench.owner.execute(
        "SELECT g.outcome, g.reviewed_by FROM access.break_glass g JOIN access.inspection_case c ON c.glass_id = g.id"
        " WHERE c.id = %s",
        [case],
    ).fetchone()
    assert glass == ("unjustified", bench.accounts["inspector"])
    refused("PC424", bench.decides, case, "justified")


def test_a_glass_reviewed_by_the_older_door_shuts_its_case_as_well(bench: Bench) -> None:
    case = break_glass(bench, "station")
    with bench.console.made.connect("web", autocommit=True) as web:
        glass = bench.one(bench.owner, "SELECT glass_id FROM access.inspection_case WHERE id = %s", case)
        web.execute(
            "SELECT access.review_break_glass(%s, %s, 'justified', 'đúng')", [bench.accounts["inspector"], glass]
        )
    assert case_of(bench, case)["state"] == "decided"
    decided = bench.owner.execute(
        "SELECT outcome FROM access.inspection_decision WHERE case_id = %s", [case]
    ).fetchall()
    assert decided == [("justified",)]


def test_needing_more_keeps_the_case_open_until_it_is_decided(bench: Bench) -> None:
    case = break_glass(bench, "station")
    bench.decides(case, "needs_more", reason="Chờ trạm gửi sổ trực ngày hôm đó")
    assert case_of(bench, case)["state"] == "needs_more"
    bench.decides(case, "justified")
    assert case_of(bench, case)["state"] == "decided"


@pytest.mark.parametrize(
    ("code", "wrong"),
    [("PC425", {"reason": "ngắn"}), ("PC427", {"outcome": "forgotten"}), ("PC428", {"end_term": True})],
)
def test_a_decision_without_reason_or_sense_is_refused(bench: Bench, code: str, wrong: dict[str, Any]) -> None:
    refused(code, bench.decides, break_glass(bench, "station"), **wrong)


def test_an_inspector_neither_sees_nor_decides_a_case_about_themselves(bench: Bench) -> None:
    bench.new_officer("second", "inspector", name="Trần Thị Bình")
    reading = bench.steward_reads(AN)
    case = bench.complains(AN, reading)
    bench.owner.execute(
        "INSERT INTO access.appointment (officer_id, role, office, valid_from, appointed_by)"
        " VALUES (%s, 'inspector', 'Thanh tra', now(), 'test')",
        [bench.accounts["steward"]],
    )
    assert case not in seen_cases(bench, "steward")
    refused("PC422", bench.decides, case, username="steward")
    assert case in seen_cases(bench, "second")


def test_an_inspector_of_the_persons_own_name_sees_the_case_and_may_not_decide_it(bench: Bench) -> None:
    bench.new_officer("namesake-inspector", "inspector", name="Nguyễn Văn An")
    case = bench.complains(AN, bench.steward_reads(AN))
    assert case_of(bench, case, "namesake-inspector")["bias"] == "own_name"
    refused("PC423", bench.decides, case, username="namesake-inspector")
    assert bench.decides(case) == "untouched"


def test_an_inspector_of_one_area_sees_no_case_of_another(bench: Bench) -> None:
    bench.new_officer("north", "inspector", "01")
    near, far = break_glass(bench, "station"), break_glass(bench, "far-police")
    seen = seen_cases(bench, "north", "01")
    assert near in seen
    assert far not in seen
    refused("PC422", bench.decides, far, username="north", area="01")
    assert bench.decides(near, username="north", area="01") == "untouched"


@pytest.mark.parametrize(("username", "role", "purpose"), [("steward", "data_steward", "data_repair"),
                                                           ("inspector", "inspector", "inspection")])  # fmt: skip
def test_without_an_open_inspection_the_desk_shows_nothing_to_anybody(
    bench: Bench, username: str, role: str, purpose: str
) -> None:
    case = break_glass(bench, "station")
    calls = ["inspection_cases('', '', false, 0, 9)", "inspection_counts()", f"inspection_case_of({case})",
             f"inspection_readings({case}, 0, 9)", f"inspection_hours({case})", f"inspection_peers({case})",
             f"inspection_decisions({case})",
             f"decide_inspection({case}, 'justified', 'một lý do đủ dài để ghi', '', false)"]  # fmt: skip
    for call in calls:
        with bench.console.made.connect("web", autocommit=True) as web:
            refused("PC421", web.execute, f"SELECT * FROM access.{call}")
        if role != "inspector":
            with pytest.raises(psycopg.Error) as error, bench.officer(username, role, purpose) as web:
                web.execute(f"SELECT * FROM access.{call}")
            assert error.value.sqlstate == "PC421"


def test_the_web_reads_and_writes_no_table_of_inspection(bench: Bench) -> None:
    for table in ("inspection_case", "inspection_decision", "inspection_kind", "withholding", "reading_day"):
        for statement in (f"SELECT * FROM access.{table}", f"DELETE FROM access.{table}"):
            with bench.inspector() as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)


def test_decisions_and_cases_cannot_be_changed_or_removed_even_by_the_owner(bench: Bench) -> None:
    case = break_glass(bench, "station")
    bench.decides(case)
    for statement in (
        "UPDATE access.inspection_decision SET outcome = 'justified'",
        "DELETE FROM access.inspection_decision",
        f"UPDATE access.inspection_case SET state = 'open' WHERE id = {case}",
        f"DELETE FROM access.inspection_case WHERE id = {case}",
        "TRUNCATE access.inspection_decision, access.inspection_case",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            bench.owner.execute(statement)


def test_who_is_named_at_the_desk_is_told_so_and_who_is_not_named_is_not(bench: Bench) -> None:
    case = bench.complains(AN, bench.steward_reads(AN, BINH))
    before = len(bench.console.shown_to(AN))
    case_of(bench, case)
    role, _, categories = bench.console.shown_to(AN)[-1]
    assert (role, categories) == ("inspector", ["reading_log"])
    assert len(bench.console.shown_to(AN)) == before + 1
    assert [role for role, _, _ in bench.console.shown_to(BINH)] == ["data_steward"]


def test_a_finding_that_needs_no_names_shows_numbers_instead(bench: Bench) -> None:
    bench.new_officer("many", "data_steward")
    bench.owner.execute("DELETE FROM access.reading_day WHERE role = 'data_steward'")
    bench.steward_reads(*bench.people(105), username="many")
    bench.looks_through_the_log()
    (finding,) = bench.findings("volume", "many")
    with bench.inspector() as web:
        rows = web.execute("SELECT * FROM access.inspection_readings(%s, 0, 50)", [finding["id"]]).fetchall()
        hours = web.execute("SELECT readings FROM access.inspection_hours(%s)", [finding["id"]]).fetchall()
    assert len(rows) == 50
    assert {row[8] for row in rows} == {None}
    assert {row[12] for row in rows} == {105}
    assert sum(readings for (readings,) in hours) == 105


def test_not_justified_ends_the_term_at_once_where_the_inspector_is_head_over_it(bench: Bench) -> None:
    bench.new_officer("colleague", "data_steward")
    case = bench.complains(AN, bench.steward_reads(AN, username="colleague"))
    appointed = bench.one(bench.owner, "SELECT appointment_id FROM access.inspection_case WHERE id = %s", case)
    bench.owner.execute(
        "INSERT INTO access.appointment (officer_id, role, office, valid_from, appointed_by, is_head)"
        " VALUES (%s, 'data_steward', 'Cục', now(), 'test', true)",
        [bench.accounts["inspector"]],
    )
    assert bench.decides(case, "not_justified", end_term=True) == "ended"
    is_over = "SELECT valid_to <= clock_timestamp() FROM access.appointment WHERE id = %s"
    assert bench.one(bench.owner, is_over, appointed) is True


def test_not_justified_is_handed_to_the_superior_where_the_inspector_is_no_head(bench: Bench) -> None:
    bench.new_officer("reader", "tracer", "00001")
    head = bench.new_officer("chief", "tracer", "01", head=True)
    through = bench.one(bench.owner, "SELECT id FROM access.appointment WHERE officer_id = %s", head)
    with bench.officer("reader", "tracer", "contact_tracing", "area", area="00001") as web:
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[AN]])
        reading = int(bench.one(web, "SELECT (access.current_entry()).id"))
    case = bench.complains(AN, reading)
    assert bench.decides(case, "not_justified", end_term=True) == "referred"
    with bench.console.made.connect("web", autocommit=True) as web:
        rows = web.execute(
            "SELECT number, is_over FROM access.inspection_referrals(%s, %s)", [head, through]
        ).fetchall()
        refused("PC401", web.execute, "SELECT * FROM access.inspection_referrals(%s, %s)",
                [bench.accounts["reader"], through])  # fmt: skip
    assert rows == [(case, False)]


def test_an_inspector_breaks_no_glass(bench: Bench) -> None:
    with pytest.raises(psycopg.Error) as error:
        break_glass(bench, "inspector")
    assert error.value.sqlstate == "PC411"
