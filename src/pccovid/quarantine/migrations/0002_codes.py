"""Orders in force stand in the person's codes."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("quarantine", "0001_orders"), ("movement", "0006_scans")]
    operations = [
        migrations.RunSQL((files("pccovid.quarantine") / "sql" / "codes.sql").read_text(), migrations.RunSQL.noop)
    ]
