"""A notice that a call was taken back; guardians' and messages' functions as they are by now."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.notices") / "sql" / "calls_withdrawn.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("notices", "0004_calls_and_children"), ("declaring", "0004_withdrawing")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
