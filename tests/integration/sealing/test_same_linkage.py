"""Sealing changes how numbers lie in the database, and nothing of whom they are found to belong to."""

from __future__ import annotations

from pathlib import Path

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from

_PLACED = "SELECT record_id, person_id, decision, round(weight::numeric, 6), reason FROM people_link ORDER BY 1, 2"
_GOLDEN = "SELECT id, name, birth_date, sex, commune_code, is_identity_verified FROM people_person ORDER BY 1"
_COUNTED = "SELECT system, count(*) FROM {table} GROUP BY 1 ORDER BY 1"
ASKED = (_PLACED, _GOLDEN, *(_COUNTED.format(table=table) for table in ("people_identifier", "people_contactpoint")))


def _answers(made: MadeDatabase) -> list[list[tuple[object, ...]]]:
    with made.connect("owner") as owner:
        return [owner.execute(query).fetchall() for query in ASKED]


def test_every_record_is_placed_the_same_with_sealed_numbers_as_with_bare_ones(
    imported: MadeDatabase, prepared_url: str, home: Path, nation: Path, tmp_path: Path
) -> None:
    from pccovid.config.benches.sealing_bench import Lane, bare_values, read_here

    bare = database_from(prepared_url, home)
    with read_here(Lane()), bare_values():
        import_delivery(bare, nation / "exports", tmp_path)
    with bare.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM people_identifier WHERE sealed IS NOT NULL").fetchone() == (0,)
        assert owner.execute(
            "SELECT count(*) > 100 FROM people_identifier WHERE value ~ '^[0-9]{9,12}$'"
        ).fetchone() == (True,)
    assert _answers(imported) == _answers(bare)
