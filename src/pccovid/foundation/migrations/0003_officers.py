"""Officers' appointments and tried sign-ins, as far as the web may ask for them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_django_tables")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.foundation") / "sql" / "officers.sql").read_text(),
            migrations.RunSQL.noop,
        )
    ]
