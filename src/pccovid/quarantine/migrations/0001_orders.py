"""Orders of quarantine, their checks and certificates, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("contact_tracing", "0003_work"), ("vaccination", "0002_protect")]
    operations = [
        migrations.RunSQL((files("pccovid.quarantine") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("tables.sql", "orders.sql", "own.sql")
    ]
