"""Row security of requests to split a person; how a steward asks and another answers."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("link_review", "0003_splits"), ("people", "0018_sight_of_a_case"), ("foundation", "0012_table_statistics"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.link_review") / "sql" / "splits.sql").read_text(), migrations.RunSQL.noop)
    ]
