"""Rules that withhold readings of every category take effect."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspection", "0001_cases")]
    operations = [
        migrations.RunSQL((files("pccovid.inspection") / "sql" / "own_view.sql").read_text(), migrations.RunSQL.noop)
    ]
