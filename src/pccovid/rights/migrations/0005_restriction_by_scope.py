"""Restrictions hold in the scope of a case as well."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rights", "0004_old_cards"), ("foundation", "0011_case_scope")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "protect.sql").read_text(), migrations.RunSQL.noop)
    ]
