"""The log of access is erased after its years, and the chain goes on; accounts of officers who left as well."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0002_days"), ("foundation", "0009_announcing"), ("officers", "0002_entries_left_open"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.retention") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("append_only_log.sql", "log_and_accounts.sql")
    ]
