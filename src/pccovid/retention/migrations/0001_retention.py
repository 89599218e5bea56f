"""Rules, due rows, proofs of erasure and the declared end of the epidemic."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0004_audit_chain"), ("officers", "0001_identity"), ("people", "0007_sealed_numbers"),
        ("movement", "0001_initial"), ("declarations", "0001_initial"), ("border", "0001_initial"),
        ("link_review", "0001_initial"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.retention") / "sql" / "retention.sql").read_text(), migrations.RunSQL.noop)
    ]
