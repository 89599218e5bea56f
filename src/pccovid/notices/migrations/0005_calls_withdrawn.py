"""A notice that a call was taken back; guardians' and messages' functions as they are by now."""

from importlib.resources import files

from django.db import migrations

# Databases made before have one that answers less.
_GONE = "DROP FUNCTION IF EXISTS access.people_to_notify(integer);"

_SQL = files("pccovid.notices") / "sql"


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_calls_and_children"), ("declaring", "0004_withdrawing")]
    operations = [
        migrations.RunSQL(text, migrations.RunSQL.noop)
        for text in (_GONE, (_SQL / "calls_withdrawn.sql").read_text(), (_SQL / "sending.sql").read_text())
    ]
