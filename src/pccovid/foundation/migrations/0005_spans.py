"""Rules say how far back a purpose sees."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.foundation") / "sql"


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_audit_chain")]
    operations = [
        migrations.RunSQL((_SQL / name).read_text(), migrations.RunSQL.noop) for name in ("present.sql", "spans.sql")
    ]
