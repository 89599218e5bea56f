"""The schema `access`: rules, appointments, log, context functions; and the import's staging schema."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            (files("pccovid.foundation") / "sql" / "access.sql").read_text(),
            "DROP SCHEMA access CASCADE; DROP SCHEMA staging CASCADE;",
        ),
        *(
            migrations.RunSQL((files("pccovid.foundation") / "sql" / name).read_text(), migrations.RunSQL.noop)
            for name in ("sight.sql", "writing.sql", "protect.sql")
        ),
    ]
