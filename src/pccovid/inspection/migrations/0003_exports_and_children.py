"""Exports stand among the readings a person is told of; guardians have the view of their children."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspection", "0002_withheld_by_any_category")]
    operations = [
        migrations.RunSQL((files("pccovid.inspection") / "sql" / "own_view.sql").read_text(), migrations.RunSQL.noop)
    ]
