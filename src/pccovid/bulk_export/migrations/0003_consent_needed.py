"""Which consent an open context needs, answered in one look; for databases made before it stood so in 0002."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bulk_export", "0002_consenting")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.bulk_export") / "sql" / "consent_needed.sql").read_text(), migrations.RunSQL.noop
        )
    ]
