"""A granted withdrawal ends every consent of its person."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consents", "0001_consents")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.consents") / "sql" / "withdrawal_of_all.sql").read_text(), migrations.RunSQL.noop
        )
    ]
