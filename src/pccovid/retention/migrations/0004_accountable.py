"""What is kept for accountability is erased as well, each thing as a whole, its years after it ended."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("retention", "0003_log_and_accounts")]
    operations = [
        migrations.RunSQL((files("pccovid.retention") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("accountable.sql", "append_only_log.sql", "plan.sql")
    ]
