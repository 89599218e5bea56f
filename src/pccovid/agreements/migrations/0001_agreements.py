"""Agreements on sharing data, agencies' keys and tokens, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations


def script(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((files("pccovid.agreements") / "sql" / f"{name}.sql").read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0007_hardening"), ("officers", "0001_identity"), ("bulk_export", "0002_consenting"),
    ]  # fmt: skip
    operations = [script("agreements_kept"), script("agreement_state"), script("agreements")]
