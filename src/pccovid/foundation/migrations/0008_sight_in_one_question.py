"""What policies ask of the open context, each answered in one look."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0007_hardening")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "sight.sql").read_text(), migrations.RunSQL.noop)
    ]
