"""What an agreement stands for, for machines that speak by certificate."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_agreements")]
    operations = [
        migrations.RunSQL((files("pccovid.agreements") / "sql" / "machines.sql").read_text(), migrations.RunSQL.noop)
    ]
