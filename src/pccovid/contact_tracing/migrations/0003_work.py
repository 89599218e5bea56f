"""Tasks by commune, their deadlines and hand-over."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0002_desk")]
    operations = [
        migrations.RunSQL((files("pccovid.contact_tracing") / "sql" / "work.sql").read_text(), migrations.RunSQL.noop)
    ]
