"""Requests for export, opinions, files, downloads, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("foundation", "0005_spans"), ("officers", "0001_identity"), ("people", "0007_sealed_numbers")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.bulk_export") / "sql" / "bulk_export.sql").read_text(), migrations.RunSQL.noop
        )
    ]
