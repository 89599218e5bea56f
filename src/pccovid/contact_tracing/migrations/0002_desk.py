"""What tracers see and write, and what a person is told of having met a case."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0001_cases"), ("inspection", "0003_exports_and_children")]
    operations = [
        migrations.RunSQL((files("pccovid.contact_tracing") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("at_desk.sql", "desk.sql")
    ]
