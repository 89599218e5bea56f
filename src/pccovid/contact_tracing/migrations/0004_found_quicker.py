"""Meetings are found with their score in one statement, and may be found without being written."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
# Whose places are looked for is found by person, from the index alone: in a batch that is half of the time.
_BY_PERSON = """
    DROP INDEX visit_by_person;
    CREATE INDEX visit_by_person ON movement_visit (person_id, entered_at)
        INCLUDE (left_at, place_key, day, superseded_at);
"""

# What stood here before, where it did.
_GONE = """
    DROP FUNCTION IF EXISTS access.counted_meetings(bigint[], uuid[], timestamptz[], timestamptz[], double precision[]);
    DROP FUNCTION IF EXISTS access.meetings(bigint[], uuid[], timestamptz[], timestamptz[]);
    DROP FUNCTION IF EXISTS access.met_by_few(bigint[], uuid[], timestamptz[], timestamptz[]);
    DROP FUNCTION IF EXISTS access.met_by_many(bigint[], uuid[], timestamptz[], timestamptz[]);
"""


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0003_work")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, _BY_PERSON, _text("meetings.sql"), _text("place_meetings.sql"),
            _text("many_meetings.sql"), _text("tracing.sql"),
        )
    ]  # fmt: skip
