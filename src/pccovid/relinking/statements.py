"""The SQL of a shadow, read from the files beside this one and addressed to its own staging tables."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from psycopg import sql

from pccovid.carry_over.statements import CLAIM_FIELDS


def shadow_table(shadow: int, name: str) -> str:
    """Full name of one of the shadow's staging tables."""
    return f"staging.shadow{int(shadow)}_{name}"


def shadow_script(name: str, shadow: int, **literals: object) -> sql.Composed:
    """A whole SQL file as one statement list. `{stage}` and `{shadow}` name the shadow; `{name}` gives a literal."""
    return sql.SQL(_text(name)).format(
        stage=sql.SQL(f"staging.shadow{int(shadow)}"), shadow=sql.SQL(str(int(shadow))),
        **{key: sql.Literal(value) for key, value in literals.items()},
    )  # fmt: skip


def run_script(name: str, run: int) -> sql.Composed:
    """A whole SQL file, addressed to the staging tables of the import run under which a swap is published."""
    return sql.SQL(_text(name)).format(stage=sql.SQL(f"staging.r{int(run)}"))


def claims_of_everybody() -> sql.Composed:
    """Every claim about somebody, as sql/claims.sql of the import gives them, none with a person."""
    columns = sql.SQL(", ").join(
        sql.SQL("array_to_string(c.flags, ' ') AS flags") if field == "flags" else sql.Identifier("c", field)
        for field in CLAIM_FIELDS
    )
    return sql.SQL(
        "SELECT c.record, c.system, c.kind, NULL AS person, {}, c.sealed FROM people_recordclaim c"
        " WHERE NOT c.is_about_nobody"
    ).format(columns)


@cache
def _text(name: str) -> str:
    return (files("pccovid.relinking") / "sql" / f"{name}.sql").read_text()


def manual_decisions() -> str:
    """The query for everything officers have decided about pairs of records."""
    return _text("manual")
