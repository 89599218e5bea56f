"""Notices of having met a case, and of steps of one's quarantine."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_cases_of_programs"), ("contact_tracing", "0004_found_quicker"), ("quarantine", "0002_codes"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.notices") / "sql" / "exposures.sql").read_text(), migrations.RunSQL.noop)
    ]
