"""Whole days of movement are erased by dropping their partition."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_retention"), ("movement", "0005_days")]
    operations = [
        migrations.RunSQL((files("pccovid.retention") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("erasing.sql", "days.sql")
    ]
