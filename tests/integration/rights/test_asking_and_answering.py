"""Asking, answering, deadlines, the inspectorate: what the database lets each do, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from integration.console.made_index import AN, BINH
from integration.rights.bench import OFFICERS, WORDS, Bench


def refused_with(code: str, act: object) -> None:
    from pccovid.officers.database import Refused

    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    assert refused.value.code == code


def test_the_database_computes_the_same_deadlines_as_the_rules(bench: Bench) -> None:
    from pccovid.rights.rules import KINDS, deadlines, extended

    moments = [datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=37 * n) for n in range(450)]
    with bench.owner() as owner:
        for kind in KINDS:
            found = owner.execute(
                "SELECT m, d.acknowledge, d.finish, access.moved_deadline(d.finish, 15)"
                " FROM unnest(%s::timestamptz[]) m CROSS JOIN LATERAL access.right_deadlines(%s, m) d",
                [moments, kind],
            ).fetchall()
            for moment, acknowledge, finish, moved in found:
                due = deadlines(kind, moment)
                assert (acknowledge, finish, moved) == (*due, extended(due.finish, 15)), (kind, moment)


def test_a_request_is_written_down_with_its_deadlines_and_its_person_reads_it(bench: Bench) -> None:
    from pccovid.rights.queries import own_requests, own_steps
    from pccovid.rights.rules import deadlines

    number = bench.asks(AN, "restriction", categories=("vaccination",))
    with bench.own(AN):
        (one,) = own_requests(AN)
        assert own_steps(number) == ()
    assert (one.number, one.state, one.words, one.categories) == (number, "received", WORDS, ("vaccination",))
    assert (one.acknowledge_due, one.finish_due) == deadlines("restriction", one.asked_at)
    assert one.may_withdraw
    assert not one.may_escalate


def test_nobody_sees_or_moves_another_persons_request(bench: Bench) -> None:
    from pccovid.rights.operations import escalate, lift, withdraw
    from pccovid.rights.queries import own_requests, own_steps

    number = bench.asks(AN, "objection")
    bench.steps("protector", number, AN, "acknowledge")
    with bench.own(BINH):
        assert own_requests(BINH) == ()
        assert own_requests(AN) == ()
        assert own_steps(number) == ()
    for act in (lambda: withdraw(request=number), lambda: escalate(request=number, words=WORDS),
                lambda: lift(request=number)):  # fmt: skip
        with bench.own(BINH):
            refused_with("PC441", act)
    with bench.own(BINH):
        refused_with("PC441", lambda: bench_ask_for(AN))
    assert bench.state(number) == "acknowledged"


def bench_ask_for(person: UUID) -> None:
    from pccovid.rights.operations import Wish, ask

    ask(person=person, wish=Wish("objection", "data", WORDS))


def test_without_an_opened_access_nothing_can_be_asked(bench: Bench) -> None:
    refused_with("PC441", lambda: bench_ask_for(AN))


@pytest.mark.parametrize(
    ("code", "kind", "about", "wish"),
    [
        ("PC442", "objection", "data", {"words": "ngắn"}),
        ("PC445", "objection", "identity", {"attribute": "name", "wanted": "x"}),
        ("PC445", "vengeance", "data", {}),
        ("PC445", "erasure", "data", {"categories": ()}),
        ("PC445", "erasure", "data", {"categories": ("identity",)}),
        ("PC445", "restriction", "data", {"categories": ("reading_log",)}),
        ("PC445", "correction", "identity", {"attribute": "household", "wanted": "010900001"}),
        ("PC445", "correction", "identity", {"attribute": "name", "wanted": ""}),
        ("PC445", "correction", "fact", {"fact_table": "auth_user", "fact": UUID(int=1)}),
        ("PC445", "correction", "fact", {"fact_table": "vaccination_dose", "fact": UUID(int=2004)}),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    bench: Bench, code: str, kind: str, about: str, wish: dict[str, object]
) -> None:
    refused_with(code, lambda: bench.asks(AN, kind, about, **wish))


def test_the_same_is_not_asked_twice_while_it_waits_and_ten_a_day_are_enough(bench: Bench) -> None:
    bench.asks(AN, "objection")
    refused_with("PC444", lambda: bench.asks(AN, "objection"))
    for category in ("identity", "contact", "declaration", "vaccination", "test", "movement", "border", "insurance"):
        bench.asks(AN, "objection", categories=(category,))
    bench.asks(AN, "paper_copy")
    refused_with("PC443", lambda: bench.asks(AN, "withdrawal"))
    bench.asks(BINH, "objection")


@pytest.mark.parametrize(
    ("kind", "about", "wish", "at_desk"),
    [
        ("correction", "identity", {"attribute": "name", "wanted": "Nguyễn Văn Ân"}, {"police", "police-2", "steward"}),
        ("correction", "fact", {"fact_table": "vaccination_dose", "fact": UUID(int=1004)}, {"steward"}),
        ("erasure", "data", {"categories": ("declaration",)}, {"protector"}),
        ("paper_copy", "data", {}, {"protector"}),
    ],
)  # fmt: skip
def test_a_request_reaches_the_office_that_can_judge_it_and_no_other(
    bench: Bench, kind: str, about: str, wish: dict[str, object], at_desk: set[str]
) -> None:
    from pccovid.foundation.access import AccessRefused
    from pccovid.officers.database import Refused
    from pccovid.rights.queries import person_of, queue

    number = bench.asks(AN, kind, about, **wish)
    for username in OFFICERS:
        by = {"officer": bench.accounts[username], "through": bench.through(username)}
        try:
            seen = [line.number for line in queue(**by)] + [person_of(number, **by)]
        except Refused:
            seen = []
        assert (seen == [number, AN]) is (username in at_desk), username
        try:
            with bench.reading(username, number, AN):
                may_open = True
        except AccessRefused:
            may_open = False
        assert may_open is (username in at_desk), username


def test_under_a_request_nobody_else_is_read_and_the_person_sees_who_looked(bench: Bench) -> None:
    from django.db import connection

    from pccovid.foundation.access import AccessRefused
    from pccovid.inspection.queries import own_view
    from pccovid.rights.queries import at_desk

    number = bench.asks(AN, "erasure", categories=("declaration",))
    for person in (BINH,):
        with pytest.raises(AccessRefused), bench.reading("protector", number, person):
            pass
    with bench.reading("protector", number, AN), connection.cursor() as cursor:
        one, _ = at_desk(number)
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (1,)
    assert one.person_name == "Nguyễn Văn An"
    with bench.own(AN):
        view = own_view(AN, page=1)
    newest = view.readings[0]
    assert (newest.purpose, newest.office, newest.case) == ("rights", "Cơ quan protector", f"YC-{number}")


def test_what_was_decided_is_looked_at_by_nobody_any_more(bench: Bench) -> None:
    from pccovid.foundation.access import AccessRefused

    number = bench.asks(AN, "paper_copy")
    bench.grants("protector", number, AN, "fulfil")
    with pytest.raises(AccessRefused), bench.reading("protector", number, AN):
        pass


def test_an_answer_comes_before_a_decision_and_a_longer_time_is_taken_once(bench: Bench) -> None:
    number = bench.asks(AN, "objection")
    refused_with("PC453", lambda: bench.steps("protector", number, AN, "refuse", refusal="epidemic_control"))
    bench.steps("protector", number, AN, "acknowledge")
    refused_with("PC456", lambda: bench.steps("protector", number, AN, "extend", days=16))
    refused_with("PC454", lambda: bench.steps("protector", number, AN, "extend", days=5, told=" "))
    before = bench.rows("SELECT finish_due FROM access.right_request")[0][0]
    assert bench.steps("protector", number, AN, "extend", days=15) == "extended"
    after = bench.rows("SELECT finish_due FROM access.right_request")[0][0]
    assert after >= before + timedelta(days=15)
    refused_with("PC453", lambda: bench.steps("protector", number, AN, "extend", days=1))


def test_a_refusal_needs_a_reason_of_the_catalogue_for_its_kind(bench: Bench) -> None:
    number = bench.asks(AN, "paper_copy")
    bench.steps("protector", number, AN, "acknowledge")
    for refusal in (None, "because", "epidemic_control"):
        refused_with("PC455", lambda refusal=refusal: bench.steps("protector", number, AN, "refuse", refusal=refusal))
    assert bench.steps("protector", number, AN, "refuse", refusal="not_identified") == "refused"


def test_a_refusal_goes_to_the_inspectorate_which_another_officer_decides(bench: Bench) -> None:
    from pccovid.foundation.access import AccessRefused
    from pccovid.rights.operations import escalate
    from pccovid.rights.queries import own_steps

    number = bench.asks(AN, "restriction", categories=("vaccination",))
    bench.grants("protector", number, AN, "refuse", refusal="epidemic_control")
    with pytest.raises(AccessRefused), bench.reading("inspector", number, AN):
        pass
    with bench.own(AN):
        assert escalate(request=number, words=WORDS) == "escalated"
    with pytest.raises(AccessRefused), bench.reading("protector", number, AN):
        pass
    assert bench.steps("inspector", number, AN, "overturn", note=WORDS) == "overturned"
    refused_with("PC458", lambda: bench.steps("protector", number, AN, "refuse", refusal="epidemic_control"))
    assert bench.steps("protector", number, AN, "fulfil", granted=("vaccination",)) == "fulfilled"
    with bench.own(AN):
        assert [step.act for step in own_steps(number)] == ["acknowledge", "refuse", "escalate", "overturn", "fulfil"]


def test_an_inspector_who_upholds_ends_it(bench: Bench) -> None:
    from pccovid.rights.operations import escalate

    number = bench.asks(AN, "objection")
    bench.grants("protector", number, AN, "refuse", refusal="epidemic_control")
    with bench.own(AN):
        escalate(request=number, words="")
    refused_with("PC454", lambda: bench.steps("inspector", number, AN, "uphold", note=""))
    assert bench.steps("inspector", number, AN, "uphold", note=WORDS) == "upheld"
    with bench.own(AN):
        refused_with("PC453", lambda: escalate(request=number, words=""))


def test_what_is_in_time_is_not_handed_on_and_what_is_late_is_by_the_program(bench: Bench) -> None:
    from pccovid.rights.operations import escalate

    in_time, late = bench.asks(AN, "objection"), bench.asks(BINH, "objection")
    with bench.own(AN):
        refused_with("PC446", lambda: escalate(request=in_time, words=WORDS))
    assert bench.works().escalated == 0
    bench.becomes_late(late)
    assert bench.works().escalated == 1
    assert (bench.state(in_time), bench.state(late)) == ("received", "escalated")
    assert bench.works().escalated == 0


def test_the_queue_has_the_overdue_first_and_names_nobody(bench: Bench) -> None:
    from pccovid.rights.queries import queue, waiting

    first, second = bench.asks(AN, "paper_copy"), bench.asks(BINH, "erasure", categories=("declaration",))
    bench.becomes_late(second)
    by = {"officer": bench.accounts["protector"], "through": bench.through("protector")}
    lines = queue(**by)
    assert [(line.number, line.is_overdue) for line in lines] == [(second, True), (first, False)]
    assert waiting(**by) == (2, 1)
    assert not any("Nguyễn" in str(line) or str(AN) in str(line) for line in lines)


def test_taken_back_is_over(bench: Bench) -> None:
    from pccovid.foundation.access import AccessRefused
    from pccovid.rights.operations import withdraw

    number = bench.asks(AN, "objection")
    with bench.own(AN):
        assert withdraw(request=number) == "withdrawn"
    with bench.own(AN):
        refused_with("PC453", lambda: withdraw(request=number))
    with pytest.raises(AccessRefused), bench.reading("protector", number, AN):
        pass


def test_an_officer_of_the_persons_very_name_is_kept_away(own_bench: Bench) -> None:
    number = own_bench.asks(AN, "objection")
    with own_bench.owner() as owner:
        owner.execute(
            "UPDATE auth_user SET first_name = 'nguyễn  văn An' WHERE id = %s", [own_bench.accounts["protector"]]
        )
    refused_with("PC457", lambda: own_bench.steps("protector", number, AN, "acknowledge"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access.right_step SET told = 'x'", "DELETE FROM access.right_step", "TRUNCATE access.right_part",
        "UPDATE access.right_request SET state = 'fulfilled'", "UPDATE access.right_request SET words = 'mười chữ nữa'",
        "UPDATE access.right_request SET finish_due = now()", "DELETE FROM access.right_request",
        """INSERT INTO access.right_step (request_id, act, actor, state_before, state_after)
           SELECT id, 'carry_out', 'program', 'granted', 'fulfilled' FROM access.right_request""",
    ],
)  # fmt: skip
def test_not_even_the_owner_moves_a_request_but_by_a_step_of_the_table(bench: Bench, statement: str) -> None:
    bench.asks(AN, "objection")
    with bench.owner() as owner:
        bench_number = owner.execute("SELECT max(id) FROM access.right_request").fetchone()
        assert bench_number is not None
        owner.execute(
            "INSERT INTO access.right_step (request_id, act, actor, officer_id, log_id, state_before, state_after,"
            " told) SELECT id, 'acknowledge', 'officer', 1, log_id, '', '', 'x' FROM access.right_request"
        )
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.DatabaseError)):
            owner.execute(statement)
    assert bench.state(bench_number[0]) == "acknowledged"


def test_a_guardian_asks_for_a_child_and_the_child_is_named(own_bench: Bench) -> None:
    from pccovid.rights.operations import Wish, ask
    from pccovid.rights.queries import own_requests

    with own_bench.owner() as owner:
        owner.execute("UPDATE people_person SET birth_date = current_date - 3000 WHERE id = %s", [BINH])
        owner.execute(
            "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
            " recorded_at, kind, other_system, other_kind, other_key, other_record_id) VALUES"
            " (gen_random_uuid(), %s, %s, %s, 'vneid', 'official', now(), 'guardian', 'vneid', 'vneid', '1001', %s)",
            [BINH, UUID(int=2001), UUID(int=2001), UUID(int=1001)],
        )
    with own_bench.own(AN):
        ask(person=BINH, wish=Wish("objection", "data", WORDS))
        (one,) = own_requests(BINH)
        assert own_requests(AN) == ()
    assert one.is_by_guardian


def test_a_sealed_value_may_be_sealed_anew_and_nothing_else_about_it_changes(bench: Bench) -> None:
    from pccovid.foundation.sealing import sealer
    from pccovid.people.resealing import rewritings
    from pccovid.rights.queries import own_requests

    bench.asks(AN, "correction", "identity", attribute="email", wanted="an@vi.du.vn")
    assert "access.right_value" in {one.table for one in rewritings()}
    with bench.owner() as owner:
        owner.execute("UPDATE access.right_value SET sealed = %s", [sealer().seal("b@vi.du.vn", "right_value")])
        for change in ("UPDATE access.right_value SET kind = 'decided'", "DELETE FROM access.right_value"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(change)
    with bench.own(AN):
        assert own_requests(AN)[0].wanted == "b@vi.du.vn"
