"""The log of messages, in and out, sealed in batches."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0007_kept_plans"), ("identity_verification", "0001_verification")]
    operations = [
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "message_seals.sql").read_text(), migrations.RunSQL.noop)
    ]
