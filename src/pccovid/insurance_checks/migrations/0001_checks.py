"""Who wished to be asked about at the insurer, and what came of it."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("identity_verification", "0001_verification"), ("insurance", "0003_told_by_the_insurer")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.insurance_checks") / "sql" / "checks.sql").read_text(), migrations.RunSQL.noop
        )
    ]
