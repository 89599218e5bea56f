"""Re-binding of a lost number in person."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("declaring", "0001_declaring"), ("accounts", "0002_grants")]
    operations = [
        migrations.RunSQL((files("pccovid.rebinding") / "sql" / "rebinding.sql").read_text(), migrations.RunSQL.noop)
    ]
