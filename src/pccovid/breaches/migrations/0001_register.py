"""The register of breaches: tables, states that the database enforces, and the functions that are the only way in."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("inspection", "0003_exports_and_children"), ("bulk_export", "0001_bulk_export")]
    operations = [
        migrations.RunSQL((files("pccovid.breaches") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("tables.sql", "persons.sql", "register.sql", "in_force.sql")
    ]
