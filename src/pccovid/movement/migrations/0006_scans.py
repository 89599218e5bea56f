"""Devices that scan, the inbox of their scans, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("movement", "0005_days")]
    operations = [
        migrations.RunSQL((files("pccovid.movement") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("partitions.sql", "scans.sql")
    ]
