"""Row security of verification answers."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0013_match_keys"), ("foundation", "0001_access")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.people") / "sql" / "verification_answers.sql").read_text(), migrations.RunSQL.noop
        )
    ]
