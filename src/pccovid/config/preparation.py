"""Making a database ready: migrations, the rules of access, the tree of areas. Run as the owner."""

from __future__ import annotations

from datetime import date

import django
from django.core.management import call_command
from django.db import connection, transaction

from pccovid.areas.registry import registry
from pccovid.config.prepared_mark import mark_statement
from pccovid.foundation.purposes import rules
from pccovid.officers.operations import write_terms

# Data of 2021 speaks the codes of 2021; scopes are checked in them.
_CODES_OF = date(2021, 11, 6)


def prepare() -> None:
    """Bring the connected database to this version. Harmless to repeat."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _write_rules()
        _write_areas()
        write_terms()
        with connection.cursor() as cursor:
            cursor.execute(mark_statement())


def _write_rules() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.rule")
        cursor.executemany("INSERT INTO access.rule VALUES (%s, %s, %s, %s, %s, %s, %s)", rules())


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


def _prefixes(path: tuple) -> list[tuple]:  # type: ignore[type-arg]
    return [path[: end + 1] for end in range(len(path))]
