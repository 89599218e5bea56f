"""Signing in takes the day of birth that the person's own record shows, the first of January too."""

from importlib.resources import files

from django.db import migrations

# Databases made before the function stood in own_sight.sql as it is by now have one that takes less.
_GONE = """
DROP FUNCTION IF EXISTS access.person_signing_in(text, text, date, boolean);
DROP FUNCTION IF EXISTS access.person_signing_in(text, text, text, date, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0011_scope")]
    operations = [
        migrations.RunSQL(_GONE, migrations.RunSQL.noop),
        migrations.RunSQL((files("pccovid.people") / "sql" / "own_sight.sql").read_text(), migrations.RunSQL.noop),
    ]
