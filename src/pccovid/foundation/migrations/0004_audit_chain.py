"""The access log as a hash chain."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_officers")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "audit_chain.sql").read_text(), migrations.RunSQL.noop)
    ]
