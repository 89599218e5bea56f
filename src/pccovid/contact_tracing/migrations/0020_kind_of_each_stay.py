"""What kind a place is of, is looked up for each stay; no longer are all unmasked places of the country read for one case."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0019_task_list")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.contact_tracing") / "sql" / "place_meetings.sql").read_text(), migrations.RunSQL.noop
        )
    ]
