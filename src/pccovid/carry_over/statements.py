"""The SQL of an import, read from the files beside this one and addressed to one run's staging tables."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import get_type_hints

from psycopg import sql

from pccovid.linkage.claim import Claim

CLAIM_FIELDS: tuple[str, ...] = Claim._fields
LIST_FIELDS = tuple(name for name, hint in get_type_hints(Claim).items() if hint == tuple[str, ...])
_CLAIM_TYPES = {date | None: "date", bool: "boolean", tuple[str, ...]: "text[]"}


def stage_table(run: int, name: str) -> str:
    """Full name of one of the run's staging tables, e.g. `staging.r7_row`."""
    return f"staging.r{int(run)}_{name}"


def script(name: str, run: int, *, package: str = "pccovid.carry_over", **literals: object) -> sql.Composed:
    """A whole SQL file as one statement list. `{stage}` and `{run}` name the run; `{name}` gives a literal."""
    return sql.SQL(_text(package, name)).format(
        stage=sql.SQL(f"staging.r{int(run)}"), run=sql.SQL(str(int(run))), **_claim_parts(),
        **{key: sql.Literal(value) for key, value in literals.items()},
    )  # fmt: skip


@cache
def _text(package: str, name: str) -> str:
    return (files(package) / "sql" / f"{name}.sql").read_text()


@cache
def _claim_parts() -> dict[str, sql.Composable]:
    hints = get_type_hints(Claim)
    names = sql.SQL(", ").join(map(sql.Identifier, CLAIM_FIELDS))
    return {
        "claim_names": names,
        "claim_columns": sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(field), sql.SQL(_CLAIM_TYPES.get(hints[field], "text")))
            for field in CLAIM_FIELDS
        ),
        "claim_names_of_row": _fields_of("r"),
        "claim_names_of_claim": _fields_of("c"),
        "claim_values_of_row": _values_of("r"),
        "claim_values_of_claim": _values_of("c"),
        "claim_updates": sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(field)) for field in CLAIM_FIELDS
        ),
    }


def _fields_of(alias: str) -> sql.Composed:
    """Claim columns for the claim table; rows about nobody have none, so what must be there gets its default."""
    defaults = {"id_verified": "false", "phone_is_own": "true", "flags": "'{}'::text[]"}
    return sql.SQL(", ").join(
        sql.SQL("coalesce({}, {})").format(sql.Identifier(alias, field), sql.SQL(defaults[field]))
        if field in defaults
        else sql.Identifier(alias, field)
        for field in CLAIM_FIELDS
    )


def _values_of(alias: str) -> sql.Composed:
    """Claim columns as they travel to the linkage as CSV: a list as one text, since CSV knows no lists."""
    return sql.SQL(", ").join(
        sql.SQL("array_to_string({}, ' ') AS flags").format(sql.Identifier(alias, field))
        if field == "flags"
        else sql.Identifier(alias, field)
        for field in CLAIM_FIELDS
    )
