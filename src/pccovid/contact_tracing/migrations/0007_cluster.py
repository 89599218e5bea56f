"""What a cluster needs of the database to find meetings, and how they come back."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0006_by_the_day")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.contact_tracing") / "sql" / "cluster_lane.sql").read_text(), migrations.RunSQL.noop
        )
    ]
