"""Agreements on sharing data, agencies' keys and tokens, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0007_hardening"), ("officers", "0001_identity"), ("bulk_export", "0002_consenting"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.agreements") / "sql" / "agreements.sql").read_text(), migrations.RunSQL.noop)
    ]
