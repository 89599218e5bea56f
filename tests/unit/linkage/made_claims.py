"""Claims for tests, written the way a source would write them and read by the readers that connectors use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from pccovid.linkage.birth_dates import read_birth_date
from pccovid.linkage.claim import Claim
from pccovid.linkage.decided import SCHEMA
from pccovid.linkage.engine import Limits, LinkOutcome, link
from pccovid.linkage.names import read_name

Row = dict[str, object]

_TODAY = date(2022, 3, 1)
_DATES = ("birth_date", "birth_swapped")
_FLAGS = ("id_verified", "phone_is_own")


def record(key: str, name: str = "", born: str = "", person: str | None = None, **claimed: object) -> Row:
    """One record: `name` and `born` (dd/mm/yyyy or yyyy) as text, the other fields of Claim as values."""
    reading, birth = read_name(name), read_birth_date(born, order="dmy", today=_TODAY)
    claim = Claim(
        name=reading.display,
        name_full=reading.full,
        name_key=reading.key,
        name_sorted=reading.sorted_key,
        birth_date=birth.date,
        birth_precision=birth.precision,
        birth_swapped=birth.swapped,
        flags=reading.flags + birth.flags,
    )._replace(**claimed)
    return {"record": key, "system": key.split(":")[0], "kind": "", "person": person} | claim._asdict()


def table(rows: Iterable[Row]) -> pa.Table:
    """The records as the Arrow table that `link` takes."""
    columns = ("record", "system", "kind", "person", *Claim._fields)
    schema = pa.schema([(column, _arrow_type(column)) for column in columns])
    return pa.Table.from_pylist([row | {"flags": list(row["flags"])} for row in rows], schema=schema)  # type: ignore[call-overload]


def _arrow_type(column: str) -> pa.DataType:
    if column in _DATES:
        return pa.date32()
    if column in _FLAGS:
        return pa.bool_()
    return pa.list_(pa.string()) if column == "flags" else pa.string()


def linked(*rows: Row, decided: Iterable[tuple[str, str, bool]] = ()) -> LinkOutcome[pa.Table]:
    """The outcome of linking these records with the default model; `decided`: two records and whether they are one."""
    decisions = pa.Table.from_pylist([dict(zip(SCHEMA.names, one, strict=True)) for one in decided], schema=SCHEMA)
    return link(table(rows), decisions=decisions, limits=Limits(memory="300MB", threads=1))


def groups(outcome: LinkOutcome[pa.Table]) -> set[frozenset[str]]:
    """The records put together, as sets of record names; held records are in none."""
    found: dict[str, set[str]] = {}
    for row in outcome.assignments.to_pylist():
        if row["cluster"] is not None:
            found.setdefault(row["cluster"], set()).add(row["record"])
    return {frozenset(names) for names in found.values()}


def together(outcome: LinkOutcome[pa.Table], *names: str) -> bool:
    """Whether all these records are one person's."""
    return any(set(names) <= group for group in groups(outcome))


def held(outcome: LinkOutcome[pa.Table]) -> dict[str, str]:
    """Held record → reason."""
    rows = outcome.assignments.to_pylist()
    return {row["record"]: row["reason"] for row in rows if row["decision"] == "held"}
