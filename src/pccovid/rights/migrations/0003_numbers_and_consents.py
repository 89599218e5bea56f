"""Document numbers and residences can be corrected; withdrawals take consents along."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rights", "0002_entries_left_open"), ("consents", "0002_withdrawal_of_all")]
    operations = [
        migrations.RunSQL((files("pccovid.rights") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("own.sql", "desk.sql", "refusing_granted.sql")
    ]
