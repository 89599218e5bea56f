"""Evaluation tells the truth: right where all is right, and it finds a wrong join that was made on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from
from pccovid.sandbox.nation import create


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    create(people=120, seed=21, out=folder)
    return folder


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path, nation: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeDatabase:
    database = database_from(prepared_url, home)
    import_delivery(database, nation / "exports", tmp_path_factory.mktemp("work"))
    return database


def evaluated(made: MadeDatabase, truth: Path, work: Path) -> dict[str, object]:
    from pccovid.carry_over.evaluating import evaluate
    from pccovid.foundation.facts import registered

    with made.connect("jobs", autocommit=True) as jobs:
        return evaluate(jobs, truth, registered(), work=work)


def test_an_untouched_import_joins_nobody_wrongly(made: MadeDatabase, nation: Path, tmp_path: Path) -> None:
    report = evaluated(made, nation / "truth.parquet", tmp_path)
    assert report["wrong_merges"] == 0
    assert report["facts_wrong_person"] == 0
    assert report["facts_right"] > 500  # type: ignore[operator]


def test_a_join_made_on_purpose_is_found_with_its_facts(made: MadeDatabase, nation: Path, tmp_path: Path) -> None:
    with made.connect("owner") as owner:
        persons = owner.execute(
            "SELECT person_id FROM vaccination_dose GROUP BY person_id ORDER BY count(*) DESC, person_id LIMIT 2"
        ).fetchall()
        for table in ("people_recordclaim", "vaccination_dose"):
            owner.execute(f"UPDATE {table} SET person_id = %s WHERE person_id = %s", [persons[0][0], persons[1][0]])
    report = evaluated(made, nation / "truth.parquet", tmp_path)
    assert report["wrong_merges"] == 1
    assert report["facts_wrong_person"] > 0  # type: ignore[operator]


def test_a_truth_file_without_its_columns_is_refused_in_words(made: MadeDatabase, tmp_path: Path) -> None:
    from pccovid.carry_over.evaluating import TruthIsUnreadable

    (tmp_path / "truth.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TruthIsUnreadable, match="lacks the columns"):
        evaluated(made, tmp_path / "truth.csv", tmp_path)
