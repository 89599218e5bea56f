"""Texts of consent, decisions about them, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("inspection", "0003_exports_and_children"), ("people", "0007_sealed_numbers")]
    operations = [
        migrations.RunSQL((files("pccovid.consents") / "sql" / "consents.sql").read_text(), migrations.RunSQL.noop)
    ]
