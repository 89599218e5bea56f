"""Policies that ask the context once a statement; an own record takes in dependants."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0005_spans")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("sight.sql", "protect.sql", "protected_before.sql")
    ]
