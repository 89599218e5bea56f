"""How many orders are open and how many checks were missed, for the first page of those who keep them."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.quarantine") / "sql" / "waiting.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("quarantine", "0003_lodging"), ("contact_tracing", "0015_waiting")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
