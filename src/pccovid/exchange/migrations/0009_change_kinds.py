"""The category of each kind of change, from its one file; for databases made before it stood there."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_message_seals")]
    operations = [
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "change_kinds.sql").read_text(), migrations.RunSQL.noop)
    ]
