"""Signing in prefers the person whose whole date of birth fits to those of whom only the year is known."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0009_ledger_for_analysis")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.people") / "sql" / "own_sight_by_day.sql").read_text(), migrations.RunSQL.noop
        )
    ]
