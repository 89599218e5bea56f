"""The log of agencies' messages, and the condition under which anything may be written in their name."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("agreements", "0001_agreements")]
    operations = [
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "in_force.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "messages.sql").read_text(), migrations.RunSQL.noop),
    ]
