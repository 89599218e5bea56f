"""A scope that is a case's people."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0010_writing_in_one_question")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "opening.sql").read_text(), migrations.RunSQL.noop)
    ]
