"""Notices of calls, of results, and to guardians of what concerns a child."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.notices") / "sql" / "calls_and_children.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_exposures"), ("people", "0016_doses_as_witnesses"), ("declaring", "0003_by_telephone_all_forms"),
        ("lab_tests", "0003_received_at"),
    ]  # fmt: skip
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
