"""The access layer after its inspection: restored logs, rolled back readings, shadowed operators, a stopped chain."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0006_sight")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("server_log.sql", "chaining.sql")
    ]
