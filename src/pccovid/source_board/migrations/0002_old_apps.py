"""Whether earlier apps that were to stop still collect."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("source_board", "0001_board"), ("declarations", "0001_initial"), ("movement", "0001_initial"),
        ("border", "0001_initial"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.source_board") / "sql" / "old_apps.sql").read_text(), migrations.RunSQL.noop)
    ]
