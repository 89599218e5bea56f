"""A shadow of the whole index changes nothing until it is swapped in, says who would change, and can be taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import MadeDatabase, database_from
from relinking_shadows import (
    HISTORY,
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

Parts = set[frozenset[str]]


def careful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard changed: nothing joins by name and birthday, year or phone any more; only identifiers and homes do."""
    from pccovid.linkage import engine, patterns

    given = engine._edges
    monkeypatch.setattr(
        engine, "_edges", lambda db, tier: [] if tier in (patterns.BIRTHDAY, patterns.PHONE_ONLY) else given(db, tier)
    )


def another_model() -> Any:
    from pccovid.linkage.model import default_model

    return replace(default_model(), version="made-for-tests-1")


@pytest.fixture
def carefully_linked(carried: MadeDatabase, home: Path, tmp_path: Path) -> MadeDatabase:
    """The nation as the careful guard has it: swapped in, so that what ships would join people again."""
    made = database_from(carried.owner_url, home)
    with pytest.MonkeyPatch.context() as patch:
        careful(patch)
        shadow = make(made, tmp_path, model=another_model())
        approved_by_two(made, shadow.id)
        swap_in(made, tmp_path)
    return made


def parts(persons: Mapping[str, str | None]) -> Parts:
    """The records of each person."""
    found: dict[str, set[str]] = defaultdict(set)
    for record, person in persons.items():
        if person is not None:
            found[person].add(record)
    return {frozenset(records) for records in found.values()}


def held(persons: Mapping[str, str | None]) -> set[str]:
    return {record for record, person in persons.items() if person is None}


def linked_alone(made: MadeDatabase, tmp_path: Path) -> tuple[Parts, set[str]]:
    """What the linkage itself says of all claims, asked without any shadow: the parts, and the held records."""
    from pccovid.carry_over.linking import export_claims
    from pccovid.linkage.engine import link
    from pccovid.relinking.shadows import open_relinking
    from pccovid.relinking.statements import claims_of_everybody

    with made.connect("jobs") as jobs:
        open_relinking(jobs, "test")
        claims = export_claims(jobs, claims_of_everybody(), tmp_path / "alone" / "claims.parquet", "1GB")
    rows = link(claims).assignments.to_pylist()
    return (
        parts({row["record"]: row["cluster"] for row in rows if row["decision"] != "held"}),
        {row["record"] for row in rows if row["decision"] == "held"},
    )


def changes(made: MadeDatabase, shadow: int) -> dict[str, tuple[set[str], int, int]]:
    with made.connect("owner") as owner:
        rows = owner.execute(
            "SELECT person_id::text, kinds, records_before, records_after FROM relinking_change WHERE shadow_id = %s",
            [shadow],
        )
        return {person: (set(kinds), before, after) for person, kinds, before, after in rows}


def moves(made: MadeDatabase, shadow: int) -> list[tuple[str, str, str | None, str | None, str]]:
    with made.connect("owner") as owner:
        return owner.execute(
            "SELECT c.record, m.kind, m.person_before::text, m.person_after::text, m.system FROM relinking_move m"
            " JOIN people_recordclaim c USING (record_id) WHERE m.shadow_id = %s AND m.kind <> 'still_held'",
            [shadow],
        ).fetchall()


def after(made: MadeDatabase, shadow: int) -> dict[str, str | None]:
    """Today's persons with the shadow's moves laid over them."""
    return {**persons_of(made), **{record: person for record, _, _, person, _ in moves(made, shadow)}}


def persons_with_other_records(before: Mapping[str, str | None], now: Mapping[str, str | None]) -> set[str]:
    """The persons whose set of records is not what it was."""
    sets: list[dict[str, set[str]]] = [defaultdict(set), defaultdict(set)]
    for found, persons in zip(sets, (before, now), strict=True):
        for record, person in persons.items():
            if person is not None:
                found[person].add(record)
    return {person for person in {*sets[0], *sets[1]} if sets[0].get(person) != sets[1].get(person)}


def test_the_same_model_over_an_imported_nation_changes_nobody(nation: MadeDatabase, tmp_path: Path) -> None:
    before = every_row(nation)
    shadow = make(nation, tmp_path)
    assert shadow.stage == "ready"
    assert shadow.counts["linkage"]["records"] > 500
    assert shadow.counts["persons_changed"] == 0
    assert shadow.counts["persons_opened_or_restored"] == 0
    assert shadow.counts["by_reason"] == []
    assert every_row(nation) == before


def test_a_changed_guard_names_exactly_the_persons_who_would_change(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    wanted, waiting = linked_alone(nation, tmp_path)
    before, would_be = persons_of(nation), after(nation, shadow.id)
    assert parts(would_be) == wanted
    assert held(would_be) == waiting
    named = changes(nation, shadow.id)
    assert set(named) == persons_with_other_records(before, would_be)
    assert len(named) > 20
    assert shadow.counts["persons_changed"] == sum(1 for _, had, _ in named.values() if had)
    for person, (_, had, has) in named.items():
        assert had == sum(1 for one in before.values() if one == person)
        assert has == sum(1 for one in would_be.values() if one == person)


def test_kinds_reasons_and_source_systems_are_counted_to_the_record(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    listed = moves(nation, shadow.id)
    by_system = {(one["kind"], one["system"]): one["records"] for one in shadow.counts["by_system"]}
    assert by_system == dict(Counter((kind, system) for _, kind, _, _, system in listed))
    by_kind = Counter(kind for _, kind, _, _, _ in listed)
    counted = Counter[str]()
    for one in shadow.counts["by_reason"]:
        counted[one["kind"]] += one["records"]
    assert counted == by_kind
    assert by_kind["split"] > 0


def test_a_person_keeps_their_id_for_the_largest_part_of_their_records(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    before, would_be = persons_of(nation), after(nation, shadow.id)
    split = [person for person, (kinds, _, _) in changes(nation, shadow.id).items() if kinds == {"split"}]
    assert split
    for person in split:
        went = Counter(would_be[record] for record, one in before.items() if one == person and would_be[record])
        assert went[person] == max(went.values())


def test_swapping_a_split_in_does_what_was_listed_and_taking_it_back_restores_every_row(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    would_be = after(nation, shadow.id)
    before, stood = every_row(nation, without=HISTORY), standing(nation)
    swapped_in_and_taken_back(nation, tmp_path, shadow.id, would_be)
    assert every_row(nation, without=HISTORY) == before
    assert standing(nation) == stood


def test_a_restriction_goes_with_every_person_that_a_swap_makes_of_one(
    nation: MadeDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful(monkeypatch)
    shadow = make(nation, tmp_path, model=another_model())
    opened = {person for person, (kinds, _, _) in changes(nation, shadow.id).items() if "opened" in kinds}
    left, found = next(
        (before, after) for _, kind, before, after, _ in moves(nation, shadow.id) if kind == "split" and after in opened
    )
    with nation.connect("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE access.restriction DROP CONSTRAINT restriction_request_id_fkey")  # nobody asked
        owner.execute("INSERT INTO access.restriction (request_id, person_id, category) VALUES (1, %s, 'test')", [left])
        approved_by_two(nation, shadow.id)
        swap_in(nation, tmp_path)
        restricted = owner.execute("SELECT person_id::text, category FROM access.restriction ORDER BY id").fetchall()
    assert restricted[0] == (left, "test")
    assert (found, "test") in restricted[1:]
    assert {person for person, _ in restricted[1:]} == {
        after for _, _, before, after, _ in moves(nation, shadow.id) if before == left and after in opened
    }


def test_swapping_merges_in_does_what_was_listed_and_taking_it_back_restores_every_row(
    carefully_linked: MadeDatabase, tmp_path: Path
) -> None:
    shadow = make(carefully_linked, tmp_path)
    kinds = Counter(kind for found, _, _ in changes(carefully_linked, shadow.id).values() for kind in found)
    assert kinds["merged"] > 0
    assert kinds["absorbed"] > 0
    would_be = after(carefully_linked, shadow.id)
    before, stood = every_row(carefully_linked, without=HISTORY), standing(carefully_linked)
    swapped_in_and_taken_back(carefully_linked, tmp_path, shadow.id, would_be, more=2)
    assert every_row(carefully_linked, without=HISTORY) == before
    assert standing(carefully_linked) == stood


def swapped_in_and_taken_back(
    made: MadeDatabase, tmp_path: Path, shadow: int, would_be: Mapping[str, str | None], *, more: int = 0
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        if more:
            accounts = [row[0] for row in owner.execute("SELECT id FROM auth_user ORDER BY id DESC LIMIT 2")]
        else:
            accounts = stewards(owner, 2)
    approve(made, shadow, *accounts)
    swap_in(made, tmp_path)
    assert persons_of(made) == would_be
    facts_follow_their_records(made)
    assert take_back(made, tmp_path).stage == "rolled_back"
    facts_follow_their_records(made)


def facts_follow_their_records(made: MadeDatabase) -> None:
    from pccovid.foundation.facts import registered

    with made.connect("owner") as owner:
        for fact in registered():
            if fact.name != "place":
                astray = owner.execute(
                    f"SELECT count(*) FROM {fact.table} f JOIN people_recordclaim c USING (record_id)"
                    " WHERE f.superseded_at IS NULL AND f.person_id IS DISTINCT FROM c.person_id"
                ).fetchone()
                assert astray == (0,), fact.table
        blank = owner.execute(
            "SELECT count(*) FROM people_person p WHERE p.name IS NULL AND EXISTS (SELECT 1 FROM people_recordclaim c"
            " WHERE c.person_id = p.id AND c.name_key IS NOT NULL)"
        ).fetchone()
        assert blank == (0,)


def test_what_ships_swapped_over_a_careful_linking_gives_the_very_persons_of_the_import(
    carefully_linked: MadeDatabase, carried: MadeDatabase, tmp_path: Path
) -> None:
    shadow = make(carefully_linked, tmp_path)
    with carefully_linked.connect("owner") as owner:
        accounts = [row[0] for row in owner.execute("SELECT id FROM auth_user ORDER BY id DESC LIMIT 2")]
    approve(carefully_linked, shadow.id, *accounts)
    swap_in(carefully_linked, tmp_path)
    assert parts(persons_of(carefully_linked)) == parts(persons_of(carried))
    assert held(persons_of(carefully_linked)) == held(persons_of(carried))
    assert standing_facts(carefully_linked) == standing_facts(carried)
    again = make(carefully_linked, tmp_path)
    assert again.counts["persons_changed"] == 0


def standing_facts(made: MadeDatabase) -> dict[str, int]:
    from pccovid.foundation.facts import registered

    with made.connect("owner") as owner:
        return {
            fact.name: owner.execute(  # type: ignore[index]
                f"SELECT count(*) FROM {fact.table} WHERE superseded_at IS NULL"
            ).fetchone()[0]
            for fact in registered()
            if fact.name != "place"
        }
