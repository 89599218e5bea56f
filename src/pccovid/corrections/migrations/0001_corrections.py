"""Corrections of facts: asking, the two desks, carrying out, notices to sources."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("declaring", "0001_declaring"), ("rights", "0001_rights"), ("vaccination", "0002_protect"),
        ("lab_tests", "0002_protect"), ("insurance", "0002_protect"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.corrections") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("tables.sql", "own.sql", "desk.sql")
    ]
