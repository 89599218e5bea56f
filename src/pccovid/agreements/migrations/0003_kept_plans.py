"""What every message asks of its agreement, with plans that are kept; for databases made before it stood so in 0001, 0002."""

from importlib.resources import files

from django.db import migrations


def script(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((files("pccovid.agreements") / "sql" / f"{name}.sql").read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_machines")]
    operations = [script("agreement_state"), script("machines")]
