"""Flows between communes are counted and published too, and the console shows what is published."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("published_statistics", "0001_statistics"), ("movement", "0006_scans")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.published_statistics") / "sql" / "flows.sql").read_text(), migrations.RunSQL.noop
        )
    ]
