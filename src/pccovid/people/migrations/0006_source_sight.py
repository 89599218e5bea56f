"""Source records and relationships are found by key, whatever the size of the index."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0005_own_sight_by_full_name")]
    operations = [
        migrations.RunSQL((files("pccovid.people") / "sql" / "source_sight.sql").read_text(), migrations.RunSQL.noop)
    ]
