"""What every written row asks of agreements, with plans that are kept; for databases made before it stood so in 0001."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_border"), ("agreements", "0003_kept_plans")]
    operations = [
        migrations.RunSQL((files("pccovid.exchange") / "sql" / "in_force.sql").read_text(), migrations.RunSQL.noop)
    ]
