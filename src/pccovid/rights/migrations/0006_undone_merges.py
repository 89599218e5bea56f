"""A restriction asked for while two persons were one holds for both where their merge is undone."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rights", "0005_restriction_by_scope"), ("people", "0011_scope")]
    operations = [
        migrations.RunSQL((files("pccovid.rights") / "sql" / "undone_merges.sql").read_text(), migrations.RunSQL.noop)
    ]
