"""Notices of calls, of results, and to guardians of what concerns a child."""

from importlib.resources import files

from django.db import migrations

# Databases made before have one that answers less.
_GONE = "DROP FUNCTION IF EXISTS access.notices_of(uuid);"

_SQL = files("pccovid.notices") / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_exposures"), ("people", "0016_doses_as_witnesses"), ("declaring", "0003_by_telephone_all_forms"),
        ("lab_tests", "0003_received_at"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(text, migrations.RunSQL.noop)
        for text in (_GONE, (_SQL / "calls_and_children.sql").read_text(), (_SQL / "own.sql").read_text())
    ]
