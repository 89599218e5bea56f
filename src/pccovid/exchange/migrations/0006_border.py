"""Changes of border crossings in the feed."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_uploads"), ("border", "0002_protect")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.exchange") / "sql" / "border_changes.sql").read_text(), migrations.RunSQL.noop
        )
    ]
