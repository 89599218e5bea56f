"""Files of small laboratories."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_loop"), ("agreements", "0002_machines"), ("officers", "0001_identity")]
    operations = [
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "uploads.sql").read_text(), migrations.RunSQL.noop)
    ]
