"""Exports that rest on consent show the consenting alone."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("bulk_export", "0001_bulk_export"), ("consents", "0001_consents"), ("vaccination", "0001_initial"),
        ("lab_tests", "0001_initial"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(
            (files("pccovid.bulk_export") / "sql" / "consent_needed.sql").read_text(), migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            (files("pccovid.bulk_export") / "sql" / "consenting.sql").read_text(), migrations.RunSQL.noop
        ),
    ]
