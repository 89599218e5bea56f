"""Notices in the app, ways to be told, and mass notices."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("declaring", "0001_declaring"), ("corrections", "0001_corrections"), ("feedback", "0001_feedback"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.notices") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("notices.sql", "steps_told.sql")
    ]
