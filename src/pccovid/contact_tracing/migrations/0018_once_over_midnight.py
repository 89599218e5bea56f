"""Minutes of stays that overlap are counted once, also where the second began after midnight."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_GONE = "DROP FUNCTION IF EXISTS access.seconds_in(timestamptz[], timestamptz[])"


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0017_written_quicker")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (_text("place_meetings.sql"), _text("many_meetings.sql"), _GONE)
    ]
