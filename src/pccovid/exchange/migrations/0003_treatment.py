"""Changes of treatment in the feed."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_changes"), ("treatment", "0002_protect")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.exchange") / "sql" / "treatment_changes.sql").read_text(), migrations.RunSQL.noop
        )
    ]
