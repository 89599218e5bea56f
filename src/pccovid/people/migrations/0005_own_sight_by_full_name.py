"""Signing in tells apart those whose names differ only by a diacritic."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_qr_numbers")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.people") / "sql" / "own_sight_by_full_name.sql").read_text(), migrations.RunSQL.noop
        )
    ]
