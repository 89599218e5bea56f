"""The register of breaches as web, jobs and the owner meet it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from integration.breaches.conftest import FACTS, WORDS, Register, hours_ago
from integration.console.made_index import AN, AN_RECORD, BINH

REASON = "Không có dữ liệu nào rời khỏi hệ thống, đã kiểm tra"


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(psycopg.DatabaseError) as caught:
        yield
    assert caught.value.sqlstate == code


def told_to(register: Register, person: UUID) -> list[int]:
    with register.bench.own(person) as web:
        return [row[0] for row in web.execute("SELECT * FROM access.breaches_of(%s)", [person])]


def informed(register: Register, *persons: UUID) -> int:
    """A breach of the steward's readings of these persons, whose affected have been told."""
    since = hours_ago(0)
    register.bench.steward_reads(*persons)
    breach = register.assessed()
    assert register.draws(breach, since=since, until=hours_ago(-1)) == len(persons)
    register.steps(breach, "notify", told_at=hours_ago(0))
    given = {"measures": "Đã thu hồi quyền", "advice": "Không đưa mã OTP cho ai"}
    assert register.steps(breach, "inform", words=WORDS, **given) == "persons_told"
    return breach


@pytest.mark.parametrize("username", ["steward", "station", "police", "tracer", "local"])
def test_an_office_that_is_neither_data_protection_of_the_country_nor_inspection_is_refused(
    register: Register, username: str
) -> None:
    breach = register.assessed()
    for asking in (
        lambda: register.opens(username),
        lambda: register.listed(username),
        lambda: register.steps(breach, "supplement", username, **FACTS),
        lambda: register.draws(breach, username, since=hours_ago(1), until=hours_ago(0)),
        lambda: register.asks("breach_steps_seen", *register.by(username), breach),
        lambda: register.asks("breach_sources_seen", *register.by(username), breach),
    ):  # fmt: skip
        with refused("PC461"):
            asking()


def test_nobody_acts_through_an_office_of_somebody_else_or_one_that_has_ended(register: Register) -> None:
    officer, through = register.bench.accounts["steward"], register.appointments["dpo"]
    with refused("PC461"):
        register.asks("breaches_seen", officer, through)
    register.owner.execute("UPDATE access.appointment SET valid_to = now() WHERE id = %s", [through])
    with refused("PC461"):
        register.listed("dpo")


def test_an_inspector_enters_a_breach_from_a_case_but_not_from_one_about_themselves_or_elsewhere(
    register: Register,
) -> None:
    case = register.bench.complains(AN, register.bench.steward_reads(AN))
    breach = register.opens("inspector", case=case)
    assert register.listed("inspector")[breach]["source"] == "inspection"
    with refused("PC462"):
        register.opens("dpo", case=case)
    with refused("PC462"):  # a national steward's reading lies in no area
        register.opens("area-inspector", case=case)
    register.owner.execute("ALTER TABLE access.inspection_case DISABLE TRIGGER USER")
    register.owner.execute(
        "UPDATE access.inspection_case SET officer_id = %s WHERE id = %s", [register.bench.accounts["inspector"], case]
    )
    register.owner.execute("ALTER TABLE access.inspection_case ENABLE TRIGGER USER")
    with refused("PC462"):
        register.opens("inspector", case=case)


def test_an_inspector_of_an_area_sees_only_what_they_entered(register: Register) -> None:
    other, own = register.opens(), register.opens("area-inspector")
    listed = register.listed("area-inspector")
    assert own in listed
    assert other not in listed
    assert register.asks("breach_steps_seen", *register.by("area-inspector"), register.assessed()) == []
    with refused("PC462"):
        register.draws(other, "area-inspector", since=hours_ago(1), until=hours_ago(0))


def test_seventy_two_hours_are_counted_by_the_database_from_the_discovery(register: Register) -> None:
    from pccovid.breaches.rules import due_at

    found = hours_ago(100)
    breach = register.opens(discovered=found)
    line = register.listed()[breach]
    assert line["due"] == found + timedelta(hours=72) == due_at(found)
    assert "91/2025" in line["period"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"discovered": hours_ago(-2)}, "PC465"),
        ({"happened": hours_ago(1), "discovered": hours_ago(5)}, "PC465"),
        ({"words": "quá ngắn"}, "PC463"),
        ({"kinds": ()}, "PC464"),
        ({"kinds": ("theft",)}, "PC464"),
    ],
)
def test_a_breach_is_not_entered_without_words_or_kind_or_at_a_moment_that_cannot_be(
    register: Register, given: dict[str, object], code: str
) -> None:
    with refused(code):
        register.opens(**given)  # type: ignore[arg-type]


def test_steps_follow_the_table_of_states_and_no_other_way(register: Register) -> None:
    breach = register.opens()
    for step in ("notify", "inform", "close", "not_notifiable", "supplement", "overdue", "reopen", ""):
        with refused("PC462"):
            register.steps(breach, step, words=REASON, told_at=hours_ago(0), **FACTS)
    assert register.steps(breach, "assess", **FACTS) == "assessed"
    with refused("PC462"):
        register.steps(breach, "assess", **FACTS)
    with refused("PC462"):
        register.steps(breach, "notify_more", told_at=hours_ago(0))
    assert register.steps(breach, "notify", told_at=hours_ago(0.1)) == "authority_told"
    assert register.steps(breach, "supplement", **FACTS) == "authority_told"
    assert register.steps(breach, "notify_more", told_at=hours_ago(0)) == "authority_told"
    assert register.steps(breach, "inform_not_needed", words=REASON) == "persons_not_needed"
    assert register.steps(breach, "close", words=REASON) == "persons_not_needed"
    assert register.steps(breach, "close", "second", words=REASON) == "closed"
    for step in ("supplement", "close", "inform", "notify", "disagree"):
        with refused("PC462"):
            register.steps(breach, step, words=REASON, told_at=hours_ago(0), **FACTS)


def test_the_owner_too_is_held_to_the_states_by_the_table_itself(register: Register) -> None:
    breach = register.opens()
    with refused("PC462"):
        register.owner.execute(
            "INSERT INTO access.breach_step (breach_id, step, by_officer, role, words, to_state)"
            " VALUES (%s, 'close', 1, 'data_protection', %s, 'closed')",
            [breach, REASON],
        )
    assert register.state(breach) == "discovered"


def test_an_assessment_says_how_many_or_that_it_is_not_known(register: Register) -> None:
    breach = register.opens()
    for wrong in ({"persons": None}, {"persons_basis": "unknown"}, {"persons_basis": None}, {"kinds": None},
                  {"consequences": None}):  # fmt: skip
        with refused("PC464"):
            register.steps(breach, "assess", **{**FACTS, **wrong})
    unknown = {**FACTS, "persons": None, "persons_basis": "unknown", "consequences": "", "measures": ""}
    assert register.steps(breach, "assess", **unknown) == "assessed"


def test_when_it_happened_may_be_learnt_later_and_cannot_be_after_the_discovery(register: Register) -> None:
    breach = register.assessed(discovered=hours_ago(5))
    with refused("PC465"):
        register.steps(breach, "supplement", happened_from=hours_ago(4), **FACTS)
    begun, ended = hours_ago(9), hours_ago(3)
    register.steps(breach, "supplement", happened_from=begun, happened_to=ended, **FACTS)
    register.steps(breach, "supplement", **FACTS)
    line = register.listed()[breach]
    assert (line["from"], line["to"]) == (begun, ended)


@pytest.mark.parametrize(("step", "reached"), [("not_notifiable", "not_notifiable"), ("close", "closed")])
def test_two_officers_are_needed_to_leave_out_the_notification_and_to_close(
    register: Register, step: str, reached: str
) -> None:
    breach = register.assessed()
    if step == "close":
        register.steps(breach, "notify", told_at=hours_ago(0))
        register.steps(breach, "inform_not_needed", words=REASON)
    before = register.state(breach)
    assert register.steps(breach, step, words=REASON) == before
    line = register.listed("second")[breach]
    assert (line["pending"], line["pending_is_mine"]) == (step, False)
    with refused("PC469"):
        register.steps(breach, step, words=REASON)
    with refused("PC463"):
        register.steps(breach, step, "second", words="đồng ý")
    assert register.state(breach) == before
    assert register.steps(breach, step, "second", words=REASON) == reached


def test_an_inspector_may_be_the_second_person(register: Register) -> None:
    breach = register.assessed()
    register.steps(breach, "not_notifiable", words=REASON)
    assert register.steps(breach, "not_notifiable", "inspector", words=REASON) == "not_notifiable"
    with refused("PC461"):
        register.steps(breach, "notify", "inspector", told_at=hours_ago(0))


def test_two_inspectors_alone_decide_nothing(register: Register) -> None:
    register.bench.new_officer("other-inspector", "inspector")
    (row,) = register.owner.execute(
        "SELECT id FROM access.appointment WHERE officer_id = %s", [register.bench.accounts["other-inspector"]]
    ).fetchall()
    register.appointments["other-inspector"] = row[0]
    breach = register.assessed()
    register.steps(breach, "not_notifiable", "inspector", words=REASON)
    with refused("PC461"):
        register.steps(breach, "not_notifiable", "other-inspector", words=REASON)
    assert register.steps(breach, "not_notifiable", words=REASON) == "not_notifiable"


def test_new_facts_and_a_disagreement_take_the_first_officers_word_away(register: Register) -> None:
    breach = register.assessed()
    for undoing in ({"step": "supplement", **FACTS}, {"step": "disagree", "words": REASON}):
        register.steps(breach, "not_notifiable", words=REASON)
        register.steps(breach, username="second", **undoing)  # type: ignore[arg-type]
        assert register.listed()[breach]["pending"] == ""
    assert register.steps(breach, "not_notifiable", "second", words=REASON) == "assessed"
    with refused("PC462"):
        register.steps(register.assessed(), "disagree", words=REASON)


def test_a_late_notification_must_say_why(register: Register) -> None:
    breach = register.assessed(discovered=hours_ago(80))
    with refused("PC466"):
        register.steps(breach, "notify", told_at=hours_ago(0))
    assert register.steps(breach, "notify", told_at=hours_ago(0), words=REASON) == "authority_told"


def test_a_notification_recorded_after_the_hours_but_sent_within_them_is_not_late(register: Register) -> None:
    breach = register.assessed(discovered=hours_ago(80))
    assert register.steps(breach, "notify", told_at=hours_ago(9)) == "authority_told"


def test_a_notification_is_neither_before_the_discovery_nor_in_the_future(register: Register) -> None:
    breach = register.assessed(discovered=hours_ago(10))
    for when in (hours_ago(11), hours_ago(-1), None):
        with refused("PC465"):
            register.steps(breach, "notify", told_at=when)


def test_a_breach_that_need_not_be_notified_may_still_be_and_only_once(register: Register) -> None:
    breach = register.assessed()
    register.steps(breach, "not_notifiable", words=REASON)
    register.steps(breach, "not_notifiable", "second", words=REASON)
    assert register.steps(breach, "inform_not_needed", words=REASON) == "persons_not_needed"
    with refused("PC462"):
        register.steps(breach, "notify_more", told_at=hours_ago(0))
    assert register.steps(breach, "notify", told_at=hours_ago(0)) == "persons_not_needed"
    with refused("PC462"):
        register.steps(breach, "notify", told_at=hours_ago(0))


def test_the_worker_marks_what_has_passed_its_hours_once_and_only_where_nothing_was_decided(
    register: Register,
) -> None:
    register.worker_marks()
    late, decided = register.assessed(discovered=hours_ago(73)), register.assessed(discovered=hours_ago(73))
    early = register.opens(discovered=hours_ago(71))
    register.steps(decided, "notify", told_at=hours_ago(2))
    assert register.worker_marks() == 1
    assert register.worker_marks() == 0
    listed = register.listed()
    assert [listed[one]["was_overdue"] for one in (late, decided, early)] == [True, False, False]
    assert register.state(late) == "assessed"


def test_a_mark_of_the_worker_does_not_take_the_first_officers_word_away(register: Register) -> None:
    breach = register.assessed(discovered=hours_ago(73))
    register.steps(breach, "not_notifiable", words=REASON)
    register.worker_marks()
    assert register.steps(breach, "not_notifiable", "second", words=REASON) == "not_notifiable"


def test_what_is_overdue_stands_first_and_what_is_closed_last(register: Register) -> None:
    closed = register.assessed()
    register.steps(closed, "notify", told_at=hours_ago(0))
    register.steps(closed, "inform_not_needed", words=REASON)
    register.steps(closed, "close", words=REASON)
    register.steps(closed, "close", "second", words=REASON)
    fresh, late = register.opens(discovered=hours_ago(1)), register.opens(discovered=hours_ago(200))
    order = list(register.listed())
    assert order.index(late) < order.index(fresh) < order.index(closed)


@pytest.mark.parametrize("table", ["breach", "breach_step", "breach_source", "breach_person"])
def test_nobody_changes_or_removes_anything_in_the_register_even_its_owner(register: Register, table: str) -> None:
    informed(register, AN)
    (column,) = register.owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 2", [f"access.{table}"]
    ).fetchone() or ("",)
    changes = (
        f"UPDATE access.{table} SET {column} = {column}", f"DELETE FROM access.{table}",
        f"TRUNCATE access.{table} CASCADE",
    )  # fmt: skip
    for change in changes:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            register.owner.execute(change)
    for role in ("web", "jobs"):
        with register.bench.console.made.connect(role, autocommit=True) as connection:
            for statement in (*changes, f"SELECT * FROM access.{table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_persons_of_an_officers_readings_are_counted_once_and_only_within_the_two_moments(register: Register) -> None:
    first, second, before, elsewhere = register.bench.people(4)
    register.bench.steward_reads(before)
    since = hours_ago(0)
    register.bench.steward_reads(first, second)
    register.bench.steward_reads(first)
    register.bench.station_has_read("station", elsewhere)
    breach = register.opens()
    assert register.draws(breach, since=since, until=hours_ago(-1)) == 2
    until = hours_ago(0)
    register.bench.steward_reads(elsewhere)
    assert register.draws(breach, since=since, until=until) == 2
    assert register.listed()[breach]["persons"] == 2
    sources = register.asks("breach_sources_seen", *register.by("dpo"), breach)
    assert [(row[2], row[8], row[9]) for row in sources] == [("officer_read", 2, ["identity"])] * 2


def test_whoever_was_merged_meanwhile_counts_as_one_and_is_told_under_the_number_that_stayed(
    register: Register,
) -> None:
    kept, absorbed = register.bench.people(2)
    since = hours_ago(0)
    register.bench.steward_reads(kept, absorbed)
    breach = register.opens()
    assert register.draws(breach, since=since, until=hours_ago(-1)) == 2
    register.owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [kept, absorbed])
    assert register.listed()[breach]["persons"] == 1


def test_drawing_that_gives_nobody_or_names_no_officer_is_refused_and_leaves_nothing(register: Register) -> None:
    breach = register.opens()
    for reader, since, until, code in (
        ("steward", hours_ago(9000), hours_ago(8999), "PC467"), ("nobody", hours_ago(1), hours_ago(0), "PC467"),
        ("steward", hours_ago(0), hours_ago(1), "PC465"),
    ):  # fmt: skip
        with refused(code):
            register.draws(breach, reader=reader, since=since, until=until)
    assert register.asks("breach_sources_seen", *register.by("dpo"), breach) == []


def test_who_a_case_of_inspection_is_about_is_drawn_from_it(register: Register) -> None:
    person, other = register.bench.people(2)
    case = register.bench.complains(person, register.bench.steward_reads(person))
    register.bench.steward_reads(other)
    breach = register.opens("inspector", case=case)
    drawn = register.asks(
        "draw_breach_persons", *register.by("inspector"), breach, "case", "", None, None, case
    )  # fmt: skip
    assert drawn == [(1,)]


def test_an_officer_whose_own_readings_are_the_breach_decides_nothing_about_it(register: Register) -> None:
    since = hours_ago(0)
    case = register.bench.complains(AN, register.bench.steward_reads(AN))
    with register.bench.inspector() as web:
        web.execute("SELECT * FROM access.inspection_case_of(%s)", [case])
    breach = register.assessed()
    with refused("PC468"):
        register.draws(breach, "inspector", reader="inspector", since=since, until=hours_ago(-1))
    assert register.draws(breach, reader="inspector", since=since, until=hours_ago(-1)) == 1
    register.steps(breach, "not_notifiable", words=REASON)
    with refused("PC468"):
        register.steps(breach, "not_notifiable", "inspector", words=REASON)


def test_persons_see_only_breaches_that_touched_them_and_only_once_informed(register: Register) -> None:
    since = hours_ago(0)
    register.bench.steward_reads(AN)
    breach = register.assessed()
    register.draws(breach, since=since, until=hours_ago(-1))
    register.steps(breach, "notify", told_at=hours_ago(0))
    assert breach not in told_to(register, AN)
    given = {"words": WORDS, "measures": "Đã thu hồi quyền", "advice": "Không đưa mã OTP cho ai"}
    assert register.steps(breach, "inform", **given) == "persons_told"
    assert breach in told_to(register, AN)
    assert breach not in told_to(register, BINH)


def test_a_person_is_told_their_own_categories_and_not_the_whole_breachs(register: Register) -> None:
    one, other = register.bench.people(2)
    since = hours_ago(0)
    register.bench.steward_reads(one)
    with register.bench.officer("steward", "data_steward", "data_repair") as web:
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['test', 'contact'])", [[other]])
    breach = register.assessed()
    register.draws(breach, since=since, until=hours_ago(-1))
    register.steps(breach, "notify", told_at=hours_ago(0))
    given = {"measures": "Đã thu hồi quyền", "advice": "Không đưa mã OTP cho ai"}
    register.steps(breach, "inform", words=WORDS, **given)
    told = {}
    for person in (one, other):
        with register.bench.own(person) as web:
            row = web.execute("SELECT categories FROM access.breaches_of(%s)", [person]).fetchone()
        assert row is not None
        told[person] = row[0]
    assert told == {one: ["identity"], other: ["contact", "test"]}


def test_without_ones_own_access_nobodys_breaches_are_told(register: Register) -> None:
    informed(register, AN)
    with register.web() as web:
        assert web.execute("SELECT * FROM access.breaches_of(%s)", [AN]).fetchall() == []
    with register.bench.own(BINH) as web:
        assert web.execute("SELECT * FROM access.breaches_of(%s)", [AN]).fetchall() == []


def test_a_guardian_is_told_of_a_childs_breach(register: Register, guardian: Callable[[], tuple[UUID, UUID]]) -> None:
    parent, child = guardian()
    breach = informed(register, child)
    with register.bench.own(parent) as web:
        assert [row[0] for row in web.execute("SELECT * FROM access.breaches_of(%s)", [child])] == [breach]
        own = [row[0] for row in web.execute("SELECT * FROM access.breaches_of(%s)", [parent])]
    assert breach not in own


@pytest.fixture
def guardian(register: Register) -> Callable[[], tuple[UUID, UUID]]:
    def made() -> tuple[UUID, UUID]:
        (child,) = register.bench.people(1)
        register.owner.execute(
            "UPDATE people_person SET birth_date = current_date - interval '9 years', birth_precision = 'day'"
            " WHERE id = %s",
            [child],
        )
        register.owner.execute(
            "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
            " recorded_at, kind, other_system, other_kind, other_key, other_record_id)"
            " VALUES (%s, %s, %s, %s, 'vneid', 'official', now(), 'guardian', 'vneid', 'vneid', 'x', %s)",
            [uuid4(), child, uuid4(), AN_RECORD, AN_RECORD],
        )
        return AN, child

    return made


def test_nobody_is_informed_before_the_affected_are_known(register: Register) -> None:
    breach = register.assessed()
    register.steps(breach, "notify", told_at=hours_ago(0))
    given = {"measures": "Đã thu hồi quyền", "advice": "Không đưa mã OTP cho ai"}
    with refused("PC467"):
        register.steps(breach, "inform", words=WORDS, **given)


def test_persons_are_informed_only_with_what_was_done_and_what_they_can_do(register: Register) -> None:
    breach = register.assessed()
    register.steps(breach, "notify", told_at=hours_ago(0))
    for given in ({"measures": "Đã thu hồi quyền"}, {"advice": "Không đưa mã OTP cho ai"}):
        with refused("PC464"):
            register.steps(breach, "inform", words=WORDS, **given)


def test_a_program_enters_its_finding_once_however_often_it_reports(register: Register) -> None:
    from pccovid.breaches.operations import Finding, report_breach

    finding = Finding("audit", "audit:abc", ("integrity",), "Nhật ký không nguyên vẹn: 1 chỗ", hours_ago(0))
    with register.bench.console.made.connect("jobs", autocommit=True) as jobs:
        first, again = report_breach(jobs, finding), report_breach(jobs, finding)
        other = report_breach(jobs, Finding(**{**finding.__dict__, "subject": "audit:other"}))
        with refused("PC462"):
            report_breach(jobs, Finding(**{**finding.__dict__, "source": "officer", "subject": "x"}))
    assert first == again != other
    assert register.listed()[first]["source"] == "audit"


def test_the_web_enters_nothing_in_a_programs_name(register: Register) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        register.asks("report_breach", "audit", "x", None, None, hours_ago(0), ["integrity"], WORDS, None)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        register.asks("mark_overdue_breaches")


def test_every_step_stands_among_the_acts_of_its_officer(register: Register) -> None:
    breach = register.assessed()
    acts = register.owner.execute(
        "SELECT act, detail FROM access.officer_act WHERE by_officer = %s ORDER BY id DESC LIMIT 2",
        [register.bench.accounts["dpo"]],
    ).fetchall()
    assert acts == [("breach_step", f"SC-{breach} assess"), ("breach_entered", f"SC-{breach}")]
