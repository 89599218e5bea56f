"""Chains of cases and the places they shared."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0004_found_quicker")]
    operations = [
        migrations.RunSQL((files("pccovid.contact_tracing") / "sql" / "chains.sql").read_text(), migrations.RunSQL.noop)
    ]
