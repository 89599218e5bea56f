"""A delivery becomes people and facts; the ledger balances; repeating changes nothing."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from carry_over_importing import COMPARED, fingerprint, import_delivery
from conftest import database_from
from pccovid.sandbox.nation import create, create_corrections
from sealed_rows import shown_payload


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    create(people=150, seed=11, out=folder)
    return folder


@pytest.fixture(scope="module")
def imported(prepared_url: str, home: Path, nation: Path, tmp_path_factory: pytest.TempPathFactory):  # noqa: ANN201
    made = database_from(prepared_url, home)
    ledger = import_delivery(made, nation / "exports", tmp_path_factory.mktemp("work"))
    return made, ledger


def lines_in(folder: Path, stem: str) -> int:
    """Data rows of a file kind, counted without any of our readers."""
    total = 0
    for path in folder.glob(f"{stem}*"):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8-sig") as text:
            if ".jsonl" in path.name:
                rows = [json.loads(line) for line in text if line.strip()]
                total += sum(1 + len(row.get("household") or []) for row in rows)
            else:
                total += sum(1 for _ in csv.reader(text)) - 1
    return total


@pytest.mark.parametrize("kind", ["sskdt_people", "sskdt_doses", "qr_visits", "ncovi", "vneid", "tokhaiyte_domestic"])
def test_every_row_that_was_sent_stands_in_the_ledger(imported, nation: Path, kind: str) -> None:  # noqa: ANN001
    _, ledger = imported
    received = sum(file.received for file in ledger.files if file.kind == kind)
    assert received == lines_in(nation / "exports", kind)


def test_the_ledger_balances_in_every_file(imported) -> None:  # noqa: ANN001
    _, ledger = imported
    assert all(file.balances for file in ledger.files)
    assert ledger.total("received") > 1_000


def test_the_planner_knows_of_every_row_that_arrived(imported) -> None:  # noqa: ANN001
    made, _ = imported
    with made.connect("owner") as owner:
        uncounted = owner.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition AND reltuples <= 0"
        ).fetchall()
        filled = [name for (name,) in uncounted if owner.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()]
    assert [name for name in filled if not name.startswith(("auth_", "django_"))] == []


def test_the_database_refuses_a_ledger_that_does_not_balance(imported) -> None:  # noqa: ANN001
    import psycopg

    made, _ = imported
    with made.connect("owner") as owner, pytest.raises(psycopg.errors.CheckViolation, match="ledger_balances"):
        owner.execute("UPDATE people_importfile SET received = received + 1")


def test_every_held_or_rejected_row_has_a_reason_and_its_whole_payload(imported) -> None:  # noqa: ANN001
    made, ledger = imported
    with made.connect("owner") as owner:
        rows = owner.execute("SELECT reason, payload, record_id FROM people_unplacedrow").fetchall()
    assert len(rows) == ledger.total("held") + ledger.total("rejected") > 0
    assert all(reason and isinstance(json.loads(shown_payload(*stored)), dict) for reason, *stored in rows)


def test_every_accepted_record_has_a_person_or_is_held(imported) -> None:  # noqa: ANN001
    made, _ = imported
    with made.connect("owner") as owner:
        homeless = owner.execute(
            "SELECT count(*) FROM people_recordclaim c WHERE c.person_id IS NULL AND NOT c.is_about_nobody"
            " AND NOT EXISTS (SELECT 1 FROM people_link l WHERE l.record_id = c.record_id AND l.decision = 'held')"
        ).fetchone()
    assert homeless == (0,)


def test_importing_the_same_delivery_again_changes_no_row(
    imported,  # noqa: ANN001
    nation: Path,
    tmp_path: Path,
) -> None:
    made, _ = imported
    before = fingerprint(made, without=("people_importfile",))
    again = import_delivery(made, nation / "exports", tmp_path)
    assert fingerprint(made, without=("people_importfile",)) == before
    assert again.total("new") == 0
    assert again.total("unchanged") + again.total("repeated") + again.total("held") == again.total("received")


def test_a_corrected_delivery_changes_only_what_changed(
    prepared_url: str, home: Path, nation: Path, tmp_path: Path
) -> None:
    made = database_from(prepared_url, home)
    import_delivery(made, nation / "exports", tmp_path / "work")
    create_corrections(nation, tmp_path / "second", seed=5)
    with made.connect("owner") as owner:
        first_versions = {row[0] for row in owner.execute("SELECT id FROM people_sourcerecord")}
    ledger = import_delivery(made, tmp_path / "second" / "exports", tmp_path / "work")
    with made.connect("owner") as owner:
        versions = {row[0] for row in owner.execute("SELECT id FROM people_sourcerecord")}
        stale = owner.execute(
            "SELECT count(*) FROM vaccination_dose d JOIN people_recordclaim c USING (record_id)"
            " WHERE d.superseded_at IS NULL AND d.source_record_id <> c.source_record_id"
        ).fetchone()
        astray = [
            (table, owner.execute(
                f"SELECT count(*) FROM {table} f JOIN people_recordclaim c USING (record_id)"
                " WHERE f.superseded_at IS NULL AND f.person_id IS DISTINCT FROM c.person_id"
            ).fetchone())
            for table in COMPARED if table.split("_")[0] in ("vaccination", "lab", "declarations", "movement", "border")
            and table != "movement_place"
        ]  # fmt: skip
    assert first_versions < versions, "old versions stay, new ones are added"
    assert all(file.balances for file in ledger.files)
    assert stale == (0,)
    assert {count for _, count in astray} == {(0,)}, astray
