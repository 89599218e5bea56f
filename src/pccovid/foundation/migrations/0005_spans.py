"""Rules say how far back a purpose sees."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_audit_chain")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "spans.sql").read_text(), migrations.RunSQL.noop)
    ]
