"""How many tasks wait, for the tracer's first page."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.contact_tracing") / "sql" / "waiting.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0014_declared"), ("declaring", "0001_declaring")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
