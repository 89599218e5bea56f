"""Scopes follow the reform of areas, guardians until a child is of age, and merged records."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0010_own_sight_by_day"), ("foundation", "0006_sight")]
    operations = [
        migrations.RunSQL((files("pccovid.people") / "sql" / "scope.sql").read_text(), migrations.RunSQL.noop)
    ]
