"""What policies ask of who writes, answered in one look; for databases made before the functions stood so in 0001."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0009_announcing")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "writing.sql").read_text(), migrations.RunSQL.noop)
    ]
