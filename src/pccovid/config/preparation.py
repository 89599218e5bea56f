"""Making a database ready: migrations, the rules of access, the tree of areas. Run as the owner."""

from __future__ import annotations

from datetime import UTC, date, datetime

import django
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from pccovid.areas.registry import registry
from pccovid.config.prepared_mark import mark_statement
from pccovid.foundation.environment import read_environment
from pccovid.foundation.purposes import Rule, rules
from pccovid.inspection.operations import write_rules as write_inspection_rules
from pccovid.officers.operations import write_terms
from pccovid.retention.operations import write_rules as write_retention_rules

# Data of 2021 speaks the codes of 2021; scopes are checked in them.
_CODES_OF = date(2021, 11, 6)
# The made nation's records end in these days (sandbox/exports).
_SANDBOX_DAY = datetime(2021, 11, 1, tzinfo=UTC)
_ADD_RULE = sql.SQL("INSERT INTO access.rule ({}) VALUES ({})").format(
    sql.SQL(", ").join(map(sql.Identifier, Rule._fields)), sql.SQL(", ").join([sql.Placeholder()] * len(Rule._fields))
)


def prepare() -> None:
    """Bring the connected database to this version. Harmless to repeat."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _write_rules()
        _write_areas()
        _write_sandbox_day()
        write_terms()
        write_retention_rules()
        write_inspection_rules()
        with connection.cursor() as cursor:
            cursor.execute(mark_statement())


def _write_rules() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.rule")
        cursor.executemany(_ADD_RULE, rules())


def _write_areas() -> None:
    units = registry()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access.area")
        communes = units.communes(on=_CODES_OF)
        if cursor.fetchone()[0] > len(communes):
            return
        paths = {
            unit.code: path
            for leaf in communes
            for path in _prefixes(units.path(leaf.code, on=_CODES_OF))
            for unit in path[-1:]
        }
        for province in units.provinces(on=_CODES_OF):
            for district in units.children(province.code, on=_CODES_OF):
                paths.setdefault(district.code, (province, district))
        with cursor.copy("COPY access.area (code, lies_in) FROM STDIN") as copy:
            for code, path in sorted(paths.items()):
                copy.write_row((code, [unit.code for unit in path]))


def _write_sandbox_day() -> None:
    """Spans count from the made nation's own day; where real people are served there is none."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.sandbox_day")
        if read_environment().is_sandbox:
            cursor.execute("INSERT INTO access.sandbox_day (day) VALUES (%s)", [_SANDBOX_DAY])


def _prefixes(path: tuple) -> list[tuple]:  # type: ignore[type-arg]
    return [path[: end + 1] for end in range(len(path))]
