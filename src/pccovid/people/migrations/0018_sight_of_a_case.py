"""The people of a case are in sight; whether the one person of an officer's page lives in the area is asked in one look."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0017_sight_within_an_area"), ("foundation", "0011_case_scope")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "sight.sql").read_text(), migrations.RunSQL.noop)
    ]
