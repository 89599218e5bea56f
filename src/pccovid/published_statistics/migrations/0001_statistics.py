"""Counts of people by area and day, made under a purpose that sees nobody."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0009_announcing"), ("rights", "0001_rights"), ("vaccination", "0002_protect"),
        ("lab_tests", "0002_protect"), ("declarations", "0003_spans"), ("people", "0011_scope"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(
            (files("pccovid.published_statistics") / "sql" / "statistics.sql").read_text(), migrations.RunSQL.noop
        )
    ]
