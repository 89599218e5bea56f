"""The register of places and the functions that are the only way to it."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("movement", "0006_scans"),
        ("inspection", "0003_exports_and_children"),
        ("officers", "0001_identity"),
    ]
    operations = [
        migrations.RunSQL((files("pccovid.places") / "sql" / "places.sql").read_text(), migrations.RunSQL.noop)
    ]
