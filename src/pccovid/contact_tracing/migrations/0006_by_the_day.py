"""Whom many met is found day by day and written in the same statement, where migration 0004 had made it otherwise."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_SPANS = "bigint[], uuid[], timestamptz[], timestamptz[], double precision[]"
_GONE = f"""
    DROP FUNCTION IF EXISTS access.are_many(integer);
    DROP FUNCTION IF EXISTS access.met_by_few({_SPANS}, boolean), access.met_by_many({_SPANS}, boolean),
        access.meetings({_SPANS}, boolean), access.other_meetings({_SPANS});
"""


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0005_chains")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, _text("meetings.sql"), _text("place_meetings.sql"), _text("many_meetings.sql"), _text("tracing.sql"),
        )
    ]  # fmt: skip
