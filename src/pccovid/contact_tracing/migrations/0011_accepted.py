"""Single persons of whom another period would find are taken in."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0010_from_day_to_day")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.contact_tracing") / "sql" / "accepted.sql").read_text(), migrations.RunSQL.noop
        )
    ]
