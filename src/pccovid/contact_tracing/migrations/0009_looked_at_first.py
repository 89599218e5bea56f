"""Another period's contacts may be looked at first; a clinician's suspicion with one antigen positive is a case."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0008_at_desk"), ("inspection", "0003_exports_and_children")]
    operations = [
        migrations.RunSQL((_SQL / name).read_text(), migrations.RunSQL.noop)
        for name in ("preview.sql", "suspects.sql", "opening.sql")
    ]
