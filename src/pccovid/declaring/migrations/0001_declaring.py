"""Forms, drafts, sending a declaration, and the communes' queue."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0007_hardening"), ("officers", "0001_identity"), ("people", "0014_protect_verification_answers"),
        ("inspection", "0003_exports_and_children"), ("movement", "0005_days"), ("border", "0002_protect"),
        ("declarations", "0003_spans"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.declaring") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("tables.sql", "own.sql", "desk.sql")
    ]
