"""How tests import a delivery, and how they compare two databases."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from conftest import MadeDatabase, use_in_django

NOW = datetime(2021, 11, 20, 8, 0, tzinfo=UTC)

# Everything a delivery writes; ids and times are functions of the delivery and of NOW.
COMPARED = (
    "people_person", "people_recordclaim", "people_identifier", "people_contactpoint", "people_address",
    "people_relationship", "people_unplacedrow", "people_reviewpair", "vaccination_dose", "lab_tests_test",
    "declarations_declaration", "border_entry", "movement_place", "movement_visit", "movement_trip", "movement_scan",
    "insurance_card", "people_sourcerecord",
)  # fmt: skip
_WITHOUT_IDS = {
    "people_link": "record_id, person_id, decision, weight, evidence, reason, model_version, decided_by, decided_at",
    "people_merge": "kept_id, absorbed_id, moved_records, reason, evidence, merged_by, merged_at",
    "people_importfile": "run_id, name, received, linked, new, held, rejected, unchanged, repeated, notes",
}


def import_delivery(made: MadeDatabase, folder: Path, work: Path, *, now: datetime = NOW):  # noqa: ANN201
    """Carry a folder over in this process and return its ledger."""
    use_in_django(made, "jobs")
    from pccovid.carry_over.operations import Surroundings, carry_over

    around = Surroundings(made.url("jobs"), work, "1GB")
    return carry_over(folder, around, by="test", now=now, progress=lambda stage, share: None)


def start_import(made: MadeDatabase, folder: Path, work: Path) -> subprocess.Popen[bytes]:
    """Carry a folder over in a process of its own, which a test may kill."""
    program = Path(__file__).with_name("import_to_be_killed.py")
    arguments = (made.url("jobs"), str(folder), str(work), NOW.isoformat())
    # Compiled once for the many processes of a test session, wherever that may be written.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(made.home / "compiled")}
    return subprocess.Popen([sys.executable, str(program), *arguments], env={**os.environ, **compiled})


def replay_held(made: MadeDatabase, work: Path, *, reason: str | None = None, now: datetime = NOW):  # noqa: ANN201
    """Take held and rejected rows up again in this process and return the ledger."""
    use_in_django(made, "jobs")
    from pccovid.carry_over.operations import Surroundings, replay

    around = Surroundings(made.url("jobs"), work, "1GB")
    return replay(around, reason=reason, by="test", now=now, progress=lambda stage, share: None)


def fingerprint(made: MadeDatabase, *, without: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Table → (rows, hash of all rows in any order)."""
    found = {}
    with made.connect("owner") as owner:
        for table in (*COMPARED, *_WITHOUT_IDS):
            if table in without:
                continue
            columns = f"({_WITHOUT_IDS[table]})" if table in _WITHOUT_IDS else "t"
            row = owner.execute(
                f"SELECT count(*), coalesce(md5(string_agg(h, '' ORDER BY h)), '')"
                f" FROM (SELECT md5({columns}::text) AS h FROM {table} t) hashed"
            ).fetchone()
            assert row is not None
            found[table] = (row[0], row[1])
    return found
