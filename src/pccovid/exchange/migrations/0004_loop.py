"""The measured loop of specimens and doses."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0003_treatment"), ("lab_tests", "0003_received_at"), ("vaccination", "0001_initial"),
        ("bulk_export", "0001_bulk_export"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "loop.sql").read_text(), migrations.RunSQL.noop)
    ]
