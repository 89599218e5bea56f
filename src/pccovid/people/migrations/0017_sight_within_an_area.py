"""Whether the one person of an officer's page lives in the officer's area is looked up without another function."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0016_doses_as_witnesses")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.people") / "sql" / "sight_within_an_area.sql").read_text(), migrations.RunSQL.noop
        )
    ]
