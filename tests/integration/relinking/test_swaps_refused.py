"""What stops a swap, what binds it, and what others see of it while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from
from integration.relinking.test_shadows import (
    after,
    another_model,
    careful,
    changes,
    facts_follow_their_records,
    held,
    parts,
    standing_facts,
)
from relinking_shadows import (
    HISTORY,
    LATER,
    approve,
    approved_by_two,
    every_row,
    make,
    persons_of,
    standing,
    stewards,
    swap_in,
    take_back,
)

PATIENCE = 300


def holding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard changed: whoever's birth date is not told waits for a person to decide."""
    from pccovid.linkage import outcome

    given = outcome.publish_held

    def more(db: Any, reasons: dict[int, str]) -> None:
        rows = db.execute("SELECT node FROM nodes WHERE year IS NULL").fetchall()
        given(db, {**reasons, **{node: "ambiguous" for (node,) in rows}})

    monkeypatch.setattr(outcome, "publish_held", more)


@pytest.fixture
def held_from_the_start(prepared_url: str, home: Path, exports: Path, tmp_path: Path) -> MadeDatabase:
    """The nation imported under the guard that holds more: what it holds has never had a fact."""
    made = database_from(prepared_url, home)
    with pytest.MonkeyPatch.context() as patch:
        holding(patch)
        import_delivery(made, exports, tmp_path)
    return made


def test_records_placed_for_the_first_time_bring_their_facts_and_taking_back_removes_them(
    held_from_the_start: MadeDatabase, carried: MadeDatabase, tmp_path: Path
) -> None:
    made = held_from_the_start
    before, stood, facts = every_row(made, without=HISTORY), standing(made), standing_facts(made)
    shadow = make(made, tmp_path)
    placed = {one["reason"]: one["records"] for one in shadow.counts["by_reason"] if one["kind"] == "placed"}
    assert sum(placed.values()) > 20
    approved_by_two(made, shadow.id)
    swap_in(made, tmp_path)
    assert parts(persons_of(made)) == parts(persons_of(carried))
    assert held(persons_of(made)) == held(persons_of(carried))
    assert standing_facts(made) == standing_facts(carried) != facts
    facts_follow_their_records(made)
    take_back(made, tmp_path)
    assert every_row(made, without=HISTORY) == before
    assert standing(made) == stood


def test_records_that_are_held_again_lose_their_facts_and_taking_back_returns_them(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding(monkeypatch)
    before, stood, facts = every_row(nation, without=HISTORY), standing(nation), standing_facts(nation)
    shadow = make(nation, tmp_path, model=another_model())
    would_be = after(nation, shadow.id)
    assert len(held(would_be)) > len(held(persons_of(nation))) + 20
    approved_by_two(nation, shadow.id)
    swap_in(nation, tmp_path)
    assert persons_of(nation) == would_be
    assert standing_facts(nation) != facts
    with nation.connect("owner") as owner:
        waiting = owner.execute(
            "SELECT count(*) FROM people_recordclaim c WHERE c.person_id IS NULL AND NOT c.is_about_nobody"
            " AND NOT EXISTS (SELECT 1 FROM people_unplacedrow u"
            "  WHERE u.record_id = c.record_id AND u.resolved_at IS NULL)"
        ).fetchone()
    assert waiting == (0,), "a held record waits where officers see it"
    take_back(nation, tmp_path)
    assert every_row(nation, without=HISTORY) == before
    assert standing(nation) == stood


def test_nobody_sees_anything_of_a_swap_before_it_is_whole(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    before = every_row(nation)
    seen = []
    swap_in(nation, tmp_path, progress=lambda stage, share: seen.append(every_row(nation)))
    assert len(seen) >= 4
    assert all(one == before for one in seen)
    assert every_row(nation) != before


def test_a_swap_that_dies_in_the_middle_has_not_happened(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    before = every_row(nation)

    def break_off(stage: str, share: float) -> None:
        if share >= 1.0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swap_in(nation, tmp_path, progress=break_off)
    assert every_row(nation) == before
    swap_in(nation, tmp_path)
    assert set(persons_of(nation).values()) != set()
    assert every_row(nation) != before


def test_one_officer_alone_swaps_nothing_and_cannot_approve_twice(nation: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.relinking.swapping import NotApproved

    shadow = make(nation, tmp_path, model=another_model())
    with nation.connect("owner", autocommit=True) as owner:
        one, two = stewards(owner, 2)
    approve(nation, shadow.id, one)
    with pytest.raises(psycopg.DatabaseError) as refused:
        approve(nation, shadow.id, one)
    assert refused.value.sqlstate == "PC443"
    with pytest.raises(NotApproved, match="1 of 2"):
        swap_in(nation, tmp_path)
    approve(nation, shadow.id, two)
    assert swap_in(nation, tmp_path).stage == "swapped"


def test_the_database_itself_swaps_nothing_that_two_officers_have_not_approved(
    nation: MadeDatabase, tmp_path: Path
) -> None:
    shadow = make(nation, tmp_path, model=another_model())
    change = "INSERT INTO relinking_modelchange (model_print, shadow_id, changed_by, changed_at)"
    statements = (
        "UPDATE relinking_shadow SET stage = 'swapped', swapped_at = now(), stood_after = '{}' WHERE id = %s",
        f"{change} SELECT model_print, id, 'x', now() FROM relinking_shadow WHERE id = %s",
        "UPDATE relinking_shadow SET counts = '{}' WHERE id = %s",
    )
    for statement in statements:
        with nation.connect("owner") as owner, pytest.raises(psycopg.DatabaseError) as refused:
            owner.execute(statement, [shadow.id])
        assert refused.value.sqlstate in ("PC441", "42501")


@pytest.mark.parametrize(("role", "area"), [("tracer", "01"), ("commune_police", "00001"), ("inspector", None)])
def test_no_other_office_approves_a_shadow(nation: MadeDatabase, tmp_path: Path, role: str, area: str | None) -> None:
    from pccovid.officers.operations import appoint, enrol

    shadow = make(nation, tmp_path, model=another_model())
    now = datetime.now(UTC)
    with nation.connect("owner", autocommit=True) as owner:
        account = enrol(owner, username=role, full_name="Thử", password="một mật khẩu dài, chỉ để thử", now=now)
        appoint(owner, officer=account, role=role, area=area, office="Cơ quan thử", by="test", now=now)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        approve(nation, shadow.id, account)


def test_a_shadow_made_before_a_merge_is_out_of_date_until_it_is_made_anew(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pccovid.relinking.swapping import OutOfDate

    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    with nation.connect("owner", autocommit=True) as owner:
        accounts = stewards(owner, 2)
    approve(nation, shadow.id, *accounts)
    one, other = merged_by_hand(nation)
    with pytest.raises(OutOfDate, match="merges"):
        swap_in(nation, tmp_path)
    anew = make(nation, tmp_path, model=another_model())
    assert anew.id != shadow.id
    assert anew.approvals == ()
    approve(nation, anew.id, *accounts)
    swap_in(nation, tmp_path)
    persons = persons_of(nation)
    assert persons[one] == persons[other], "what was merged by hand stands, whatever the linkage says"


def merged_by_hand(made: MadeDatabase) -> tuple[str, str]:
    """Two unverified persons of one record each made one; the names of their records."""
    from pccovid.people.operations import merge_people
    from pccovid.relinking.shadows import open_relinking

    with made.connect("jobs") as jobs:
        open_relinking(jobs, "test")
        rows = jobs.execute(
            "SELECT person_id, min(record) FROM people_recordclaim WHERE person_id IS NOT NULL GROUP BY 1"
            " HAVING count(*) = 1 AND NOT bool_or(id_verified) AND bool_and(personal_id IS NULL) ORDER BY 2 LIMIT 2"
        ).fetchall()
        merge_people(jobs, kept=rows[0][0], absorbed=rows[1][0], reason="review", by="test", now=LATER)
    return rows[0][1], rows[1][1]


def test_what_was_split_by_hand_is_not_joined_again_by_any_shadow(nation: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.people.operations import split_person
    from pccovid.relinking.shadows import open_relinking

    with nation.connect("jobs") as jobs:
        open_relinking(jobs, "test")
        person, records = jobs.execute(
            "SELECT person_id, array_agg(record_id ORDER BY record_id) FROM people_recordclaim"
            " WHERE person_id IS NOT NULL GROUP BY 1 HAVING count(*) >= 4 ORDER BY 1 LIMIT 1"
        ).fetchone()  # type: ignore[misc]
        opened = split_person(jobs, person=person, records=records[:1], reason="review", by="test", now=LATER)
    shadow = make(nation, tmp_path)
    assert str(opened) not in changes(nation, shadow.id)
    assert str(person) not in changes(nation, shadow.id)


def test_a_ruling_since_the_shadow_was_made_stops_the_swap(nation: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.relinking.swapping import OutOfDate

    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    with nation.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO link_review_ruling (pair_id, record_id, other_record_id, standing, ruled_at, note)"
            " VALUES (%s, %s, %s, 'different', now(), '')",
            [UUID(int=1), UUID(int=2), UUID(int=3)],
        )
    with pytest.raises(OutOfDate, match="rulings"):
        swap_in(nation, tmp_path)


def test_after_anything_else_happened_a_swap_is_not_taken_back(nation: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.relinking.rolling_back import IndexHasMovedOn, NothingToRollBack

    with pytest.raises(NothingToRollBack):
        take_back(nation, tmp_path)
    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    swap_in(nation, tmp_path)
    merged_by_hand(nation)
    before = every_row(nation)
    with pytest.raises(IndexHasMovedOn, match="merges"):
        take_back(nation, tmp_path)
    assert every_row(nation) == before


def test_after_look_up_keys_were_rotated_a_swap_is_not_taken_back(nation: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.relinking.rolling_back import IndexHasMovedOn

    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    swap_in(nation, tmp_path)
    with nation.connect("owner") as owner:
        owner.execute(
            "UPDATE relinking_shadow SET stood_after ="
            " stood_after || jsonb_build_object('look-up keys', 'an earlier one')"
        )
    with pytest.raises(IndexHasMovedOn, match="look-up keys"):
        take_back(nation, tmp_path)


def test_while_an_import_holds_the_index_nothing_is_swapped(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pccovid.carry_over import jobs
    from pccovid.carry_over.jobs import AnotherImportIsRunning, KeysAreHalfRotated, only_import
    from pccovid.foundation.key_ring import Family

    monkeypatch.setattr(jobs, "_WAIT_SECONDS", 0.5)
    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    with only_import(nation.url("jobs")), pytest.raises(AnotherImportIsRunning):
        swap_in(nation, tmp_path)
    monkeypatch.setattr(jobs, "key_ring", lambda: type("Ring", (), {"lookup": Family("a", {}, True)}))
    with pytest.raises(KeysAreHalfRotated):
        swap_in(nation, tmp_path)


def test_a_record_that_is_erased_is_forgotten_by_the_shadow_too(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    make(nation, tmp_path, model=another_model())
    with nation.connect("owner") as owner:
        (record,) = owner.execute("SELECT record_id FROM relinking_move LIMIT 1").fetchone()  # type: ignore[misc]
        owner.execute("DELETE FROM people_recordclaim WHERE record_id = %s", [record])
        left = owner.execute(
            "SELECT (SELECT count(*) FROM relinking_move WHERE record_id = %s),"
            " (SELECT count(*) FROM relinking_pair WHERE %s IN (record_id, other_record_id))",
            [record, record],
        ).fetchone()
    assert left == (0, 0)


def test_claims_that_a_killed_making_left_are_cleared_by_the_next_import_too(
    nation: MadeDatabase, tmp_path: Path
) -> None:
    from pccovid.carry_over.leftovers import clear_leftovers
    from pccovid.relinking.making import only_making

    left = tmp_path / "shadow" / "claims.parquet"
    left.parent.mkdir()
    left.write_bytes(b"claims")
    with nation.connect("jobs", autocommit=True) as jobs:
        with only_making(nation.url("jobs")):
            clear_leftovers(jobs, tmp_path, tmp_path / "spilled")
        assert left.exists(), "somebody is at work on it"
        clear_leftovers(jobs, tmp_path, tmp_path / "spilled")
    assert not left.parent.exists()


def test_the_model_of_the_swap_links_what_arrives_and_goes_again_with_the_way_back(
    nation: MadeDatabase, tmp_path: Path
) -> None:
    from pccovid.carry_over.models_in_force import model_in_force
    from pccovid.linkage.model import default_model

    shadow = make(nation, tmp_path, model=another_model())
    approved_by_two(nation, shadow.id)
    with nation.connect("jobs") as jobs:
        assert model_in_force(jobs) == default_model()
    swap_in(nation, tmp_path)
    with nation.connect("jobs") as jobs:
        assert model_in_force(jobs) == replace(default_model(), version="made-for-tests-1")
    take_back(nation, tmp_path)
    with nation.connect("jobs") as jobs:
        assert model_in_force(jobs) == default_model()


def test_a_person_seen_since_the_swap_stays_as_a_pointer_when_it_is_taken_back(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    opened = sorted(person for person, (kinds, _, _) in changes(nation, shadow.id).items() if "opened" in kinds)
    with nation.connect("owner", autocommit=True) as owner:
        (steward, other) = stewards(owner, 2)
    approve(nation, shadow.id, steward, other)
    swap_in(nation, tmp_path)
    with nation.connect("web") as web:
        web.execute(
            "SELECT access.open('officer', %s, 'data_steward', 'data_repair', 'test', 'all', '{}', NULL, 'x')",
            [str(steward)],
        )
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[opened[0]]])
    take_back(nation, tmp_path)
    with nation.connect("owner") as owner:
        left = owner.execute(
            "SELECT id::text, merged_into_id IS NOT NULL FROM people_person WHERE id = ANY (%s::uuid[])", [opened]
        ).fetchall()
    assert left == [(opened[0], True)]


@pytest.mark.parametrize("moment", ["reading claims 0.00", "linking everybody 0.5", "comparing 0.00", "comparing 0.70"])
def test_a_making_killed_at_any_stage_is_taken_up_and_comes_to_the_same(
    nation: MadeDatabase, tmp_path: Path, moment: str
) -> None:
    before = every_row(nation)
    program = Path(__file__).parents[2] / "shadow_to_be_killed.py"
    arguments = [sys.executable, str(program), nation.url("jobs"), str(tmp_path), LATER.isoformat()]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(moment):
            process.kill()
            break
    assert process.wait(PATIENCE) == -9
    shadow = made_again(nation, tmp_path)
    assert shadow.id == 1, "the same shadow is taken up"
    assert shadow.stage == "ready"
    assert shadow.counts["persons_changed"] == 0
    assert every_row(nation) == before
    assert not (tmp_path / "shadow").exists()
    with nation.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'staging'").fetchone() == (0,)


def made_again(made: MadeDatabase, work: Path) -> Any:
    """Once the server has noticed that the killed one is gone."""
    import time

    from pccovid.relinking.making import AnotherShadowIsMade

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return make(made, work)
        except AnotherShadowIsMade:
            assert time.monotonic() < deadline
            time.sleep(0.5)
