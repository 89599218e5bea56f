"""Cases of inspection, the person's view of who looked, detectors over the log, and the inspector's desk."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0004_audit_chain"),
        ("officers", "0001_identity"),
        ("people", "0008_seal_numbers"),
    ]
    operations = [
        migrations.RunSQL((files("pccovid.inspection") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("tables.sql", "detect.sql", "own_view.sql", "desk.sql")
    ]
