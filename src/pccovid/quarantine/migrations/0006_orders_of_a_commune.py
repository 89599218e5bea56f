"""A commune's desk finds its orders by who is there; no longer does it walk through the country's."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("quarantine", "0005_order_list")]
    operations = [
        migrations.RunSQL((files("pccovid.quarantine") / "sql" / "order_list.sql").read_text(), migrations.RunSQL.noop)
    ]
