"""Whom many met is found in one statement that names each day's table, with no working tables.

A cluster is given the visits of places and days that matter, and nothing is locked while it looks. Who was there over midnight has an index of its own: of a stay, the next day's visits that began before it ended are those.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_GONE = """
    DROP FUNCTION IF EXISTS access.many_meetings(date[]), access.gather_stays(uuid[], timestamptz[], timestamptz[]),
        access.by_day(text, date[]), access.begin_trace(bigint[]), access.spans_for_cluster(bigint[], integer),
        access.visits_for_cluster(date), access.end_trace(bigint[]);
"""
_TABLES = """
    ALTER TABLE access.trace_exposure ALTER COLUMN id SET CACHE 100;
    ALTER TABLE access.trace_contact ALTER COLUMN id SET CACHE 100;
    CREATE INDEX IF NOT EXISTS visit_over_midnight ON movement_visit (place_key, entered_at) INCLUDE (left_at, person_id)
        WHERE superseded_at IS NULL AND (entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < day;
"""


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0009_looked_at_first")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, _TABLES, _text("meeting_words.sql"), _text("many_meetings.sql"), _text("tracing.sql"),
            _text("cluster_lane.sql"),
        )
    ]  # fmt: skip
