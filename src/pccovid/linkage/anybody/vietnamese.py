"""Files of Vietnamese people go to the linkage of the index: its readers, its guards, its knowledge of names.

There a wrong join is far worse than a missed one: records that say too little stay apart and are marked.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from pccovid.linkage.birth_dates import read_birth_date
from pccovid.linkage.claim import Claim
from pccovid.linkage.engine import Limits, link_into
from pccovid.linkage.family_names import FAMILY_NAMES
from pccovid.linkage.identifiers import INSURANCE_UNSURE, UNSURE, read_identifier, read_insurance
from pccovid.linkage.names import read_name
from pccovid.linkage.phones import read_phone
from pccovid.linkage.sexes import read_sex
from pccovid.linkage.syllables import key_token

MOST_NAMED_SO = 0.5
"""Share of names with a Vietnamese family name above which a file is taken for one of Vietnamese people."""
_LOOKED_AT = 2_000
_BATCH = 20_000
_FAMILIES = frozenset(key_token(word) for name in FAMILY_NAMES for word in name.split()[:1])
_SCHEMA = pa.schema([
    *((name, pa.string()) for name in ("record", "system", "kind", "person", "name_full", "name_key", "name_sorted",
                                       "birth_precision", "sex", "personal_id", "old_id", "passport", "insurance_no",
                                       "phone", "commune_code", "address")),
    ("birth_date", pa.date32()), ("birth_swapped", pa.date32()), ("flags", pa.list_(pa.string())),
])  # fmt: skip


def are_vietnamese(db: duckdb.DuckDBPyConnection, given: str) -> bool:
    """Whether most names of the table's first rows have a Vietnamese family name in front, or as family name."""
    rows = db.execute(f"FROM {given} LIMIT {_LOOKED_AT}").fetchall()
    names = [words for row in rows if len(words := _name(row).split()) > 1]
    return sum(key_token(words[0]) in _FAMILIES for words in names) > MOST_NAMED_SO * max(1, len(names))


def link_people(
    db: duckdb.DuckDBPyConnection, files: tuple[str, ...], folder: Path, *, limits: Limits, today: date
) -> None:
    """Makes `assigned` (file, record, cluster, weight, evidence, doubt) of all rows of the tables `files` of
    PERSON_COLUMNS; `file` is the table's number."""
    claims = folder / "claims.parquet"
    with ParquetWriter(claims, _SCHEMA) as writer:
        for number, given in enumerate(files):
            rows = db.execute(f"FROM {given}")
            while batch := rows.fetchmany(_BATCH):
                writer.write_table(_claims(number, batch, today))
    answers = link_into(folder, claims, limits=limits)
    db.execute(f"""CREATE OR REPLACE TABLE assigned AS
        SELECT CAST(split_part(record, ':', 1) AS INTEGER) AS file, substr(record, strpos(record, ':') + 1) AS record,
            coalesce(cluster, record) AS cluster, weight, evidence, reason AS doubt
        FROM read_parquet('{answers.assignments}')""")


def _name(row: tuple[Any, ...]) -> str:
    _, full, given, family, *_ = row
    return str(full or " ".join(part for part in (family, given) if part))


def _claims(number: int, rows: list[tuple[Any, ...]], today: date) -> pa.Table:
    """What rows of one file claim. A column at a time: a dictionary for each row would take as long as reading it."""
    columns = dict(zip(Claim._fields, zip(*(person_claim(row, today) for row in rows), strict=True), strict=True))
    columns |= {
        "record": tuple(f"{number}:{row[0]}" for row in rows), "system": (str(number),) * len(rows),
        "kind": ("",) * len(rows), "person": (None,) * len(rows),
    }  # fmt: skip
    return pa.table([pa.array(columns[field.name], field.type) for field in _SCHEMA], schema=_SCHEMA)


def person_claim(row: tuple[Any, ...], today: date) -> Claim:
    """A row of PERSON_COLUMNS, as text or None, read the way the readers of the index read."""
    _, _, _, _, born, sex, national, old, insurance, phone, email, address, commune = row
    name, birth = read_name(_name(row)), read_birth_date(born, order="any", today=today)
    year, reading = birth.date.year if birth.date else None, read_sex(sex)
    ids = [read_identifier(text, birth_year=year, sex=reading) for text in (national, old)]
    insured = read_insurance(insurance)[0]
    unsure = UNSURE - ({INSURANCE_UNSURE} if insured else set())
    return Claim(
        name=name.display, name_full=name.full, name_key=name.key, name_sorted=name.sorted_key, birth_date=birth.date,
        birth_precision=birth.precision, birth_swapped=birth.swapped, sex=reading,
        personal_id=_first(one.personal_id for one in ids), old_id=_first(one.old_id for one in ids),
        passport=_first(one.passport for one in ids),
        insurance_no=insured or _first(one.insurance_no for one in ids),
        phone=read_phone(phone).phone, email=email, address=address, commune_code=commune,
        flags=name.flags + birth.flags + tuple(sorted({flag for one in ids for flag in one.flags} & unsure)),
    )  # fmt: skip


def _first(values: Any) -> str | None:
    return next((value for value in values if value), None)
