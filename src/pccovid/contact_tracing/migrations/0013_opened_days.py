"""One case's contacts are found opening only the days it was infectious in, asking once from when and whose may be seen.

Noting on a case that it was traced leaves its indexes alone: there is room for the new row on the page.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_SPANS = "bigint[], uuid[], timestamptz[], timestamptz[], double precision[]"
_GONE = f"""
    DROP FUNCTION IF EXISTS access.met_by_few({_SPANS}, boolean), access.other_meetings({_SPANS});
    ALTER TABLE access.trace_case SET (fillfactor = 70);
"""


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0012_case_scope")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, _text("meetings.sql"), _text("place_meetings.sql"), _text("tracing.sql"), _text("cluster_lane.sql"),
        )
    ]  # fmt: skip
