"""Signing in takes the day of birth that the person's own record shows, the first of January too."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0011_scope")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.people") / "sql" / "own_sight_by_golden_day.sql").read_text(), migrations.RunSQL.noop
        )
    ]
