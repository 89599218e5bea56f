"""Several connections may trace at once, each its own cases.

The function may stay as it is on the way back.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0021_planned_quicker")]
    operations = [migrations.RunSQL((_SQL / "tracing.sql").read_text(), migrations.RunSQL.noop)]
