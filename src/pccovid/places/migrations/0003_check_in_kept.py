"""Checking in that a phone kept while it had no connection."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0002_revoked")]
    operations = [
        migrations.RunSQL((files("pccovid.places") / "sql" / "check_in_kept.sql").read_text(), migrations.RunSQL.noop)
    ]
