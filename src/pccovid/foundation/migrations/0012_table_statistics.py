"""Tables are counted anew after a delivery."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0011_case_scope")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.foundation") / "sql" / "table_statistics.sql").read_text(), migrations.RunSQL.noop
        )
    ]
