"""What is counted of each source, when one counts as stale, and alerts."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("identity_verification", "0001_verification"), ("agreements", "0001_agreements")]
    operations = [
        migrations.RunSQL((files("pccovid.source_board") / "sql" / "board.sql").read_text(), migrations.RunSQL.noop)
    ]
