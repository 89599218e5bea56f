"""Meetings are found with their score in one statement, and may be found without being written."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_FEW = "SET plan_cache_mode = force_generic_plan SET enable_hashjoin = off SET enable_mergejoin = off"
_MANY = "SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET enable_mergejoin = off SET work_mem = '128MB'"

# What stood here before, where it did.
_GONE = """
    DROP FUNCTION IF EXISTS access.counted_meetings(bigint[], uuid[], timestamptz[], timestamptz[], double precision[]);
    DROP FUNCTION IF EXISTS access.meetings(bigint[], uuid[], timestamptz[], timestamptz[]);
    DROP FUNCTION IF EXISTS access.met_by_few(bigint[], uuid[], timestamptz[], timestamptz[]);
    DROP FUNCTION IF EXISTS access.met_by_many(bigint[], uuid[], timestamptz[], timestamptz[]);
"""


def _text(name: str) -> str:
    return (_SQL / name).read_text()


def _place_meetings(name: str, settings: str) -> str:
    return _text("place_meetings.sql").replace("{name}", name).replace("{settings}", settings)


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0003_work")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, _text("meetings.sql"), _place_meetings("met_by_few", _FEW), _place_meetings("met_by_many", _MANY),
            _text("tracing.sql"),
        )
    ]  # fmt: skip
