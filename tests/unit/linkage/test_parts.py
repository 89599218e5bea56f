"""Clustered a few nodes at a time, a delivery falls into the same people as clustered whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow.parquet import read_table

from pccovid.connectors.context import context_for
from pccovid.connectors.delivery import find
from pccovid.connectors.reading import read_file
from pccovid.linkage import engine
from pccovid.linkage.clustering_parts import PartBroke, side_by_side
from pccovid.linkage.decided import SCHEMA
from pccovid.linkage.engine import Limits, LinkOutcome, link, link_into
from pccovid.linkage.parts import GIVEN, Tables
from pccovid.sandbox.nation import create
from unit.linkage.made_claims import Row, held, record, table

_WHOLE = 1_000_000


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The claims of a small made nation: twins, shared phones, masked codes, doses with an account number alone."""
    folder = tmp_path_factory.mktemp("nation")
    create(people=250, seed=31, out=folder)
    delivery = find(folder / "exports")
    context = context_for(delivery, date(2021, 12, 31), folder)
    rows = [row for file in delivery.files for row in read_file(file, context=context) if row.claim is not None]
    named = {
        f"{row.system}:{row.kind}:{row.key}": row.claim._asdict()
        for row in rows
        if row.verdict == "accepted" and row.claim is not None
    }
    return [{"record": name, "system": "", "kind": "", "person": None} | claim for name, claim in named.items()]


@pytest.fixture(scope="module")
def whole(nation: list[Row]) -> LinkOutcome[pa.Table]:
    return link(table(nation), limits=Limits(most_nodes=_WHOLE))


@pytest.mark.parametrize("most_nodes", [1, 300])
def test_however_small_the_parts_everybody_becomes_the_same_person(
    nation: list[Row], whole: LinkOutcome[pa.Table], most_nodes: int
) -> None:
    rows = nation if most_nodes > 1 else nation[::22]
    parted = link(table(rows), limits=Limits(most_nodes=most_nodes))
    expected = whole if most_nodes > 1 else link(table(rows), limits=Limits(most_nodes=_WHOLE))
    assert len(expected.assignments) > 70
    assert held(expected)
    assert parted.assignments == expected.assignments
    assert parted.review == expected.review
    assert parted.merges == expected.merges
    assert parted.counts == expected.counts


def test_parts_clustered_by_processes_of_their_own_give_the_same_people(
    nation: list[Row], whole: LinkOutcome[pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "NODES_WORTH_A_PROCESS", 10)
    started: list[int] = []
    monkeypatch.setattr(engine, "side_by_side", lambda parts, n: started.append(n) or side_by_side(parts, n))
    parted = link(table(nation), limits=Limits(most_nodes=300, threads=2))
    assert started == [2]
    assert parted.assignments == whole.assignments
    assert parted.review == whole.review


def test_a_process_that_ends_before_it_answers_is_told_and_does_not_hang() -> None:
    part = Tables(0, pa.array([0]), dict.fromkeys(GIVEN, pa.table({"nonsense": [1]})))
    with pytest.raises(PartBroke, match="ended"):
        list(side_by_side(iter([part]), 1))


def test_a_chain_of_records_is_never_divided_between_parts() -> None:
    chain = [
        record(f"dose:{number}", "Lê Thị Mơ", "05/03/1990", sex="female", phone=f"09012345{number // 2:02}",
               personal_id="001190012345" if number % 2 else None)
        for number in range(12)
    ]  # fmt: skip
    outcomes = [link(table(chain), limits=Limits(most_nodes=most)) for most in (1, _WHOLE)]
    assert outcomes[0].assignments == outcomes[1].assignments


def test_known_persons_and_officers_words_hold_across_parts(nation: list[Row], whole: LinkOutcome[pa.Table]) -> None:
    clusters = whole.assignments.to_pylist()
    known = {
        row["record"]: f"person of {row['cluster']}" for row in clusters if row["cluster"] and len(row["record"]) % 2
    }
    ruled = [(row["record"], row["cluster"], False) for row in clusters if row["decision"] == "probabilistic"][:5]
    waiting, other = [row["record"] for row in clusters if row["decision"] == "held"][:1], clusters[0]["record"]
    decisions = pa.Table.from_pylist(
        [dict(zip(SCHEMA.names, one, strict=True)) for one in [*ruled, *((name, other, True) for name in waiting)]],
        schema=SCHEMA,
    )
    claims = table([row | {"person": known.get(row["record"])} for row in nation])
    few, many = (link(claims, decisions=decisions, limits=Limits(most_nodes=most)) for most in (300, _WHOLE))
    assert few.assignments == many.assignments
    assert few.review == many.review
    assert few.merges == many.merges


def test_answers_kept_in_files_are_those_given_in_memory(
    nation: list[Row], whole: LinkOutcome[pa.Table], tmp_path: Path
) -> None:
    files = link_into(tmp_path, table(nation), limits=Limits(most_nodes=300))
    assert read_table(files.assignments).sort_by("record").to_pylist() == whole.assignments.to_pylist()
    assert sorted(map(repr, read_table(files.review).to_pylist())) == sorted(map(repr, whole.review.to_pylist()))
    assert len(read_table(files.merges)) == len(whole.merges)
    assert files.counts == whole.counts
