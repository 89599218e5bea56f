"""Of a case that a program opened the person it is about is told: nobody asked for it."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices"), ("corrections", "0002_identity")]
    operations = [
        migrations.RunSQL((files("pccovid.notices") / "sql" / "steps_told.sql").read_text(), migrations.RunSQL.noop)
    ]
