"""Campaigns of verification, and what is kept of questions to other systems."""

from importlib.resources import files

from django.db import migrations


def script(package: str, name: str) -> str:
    return (files(package) / "sql" / f"{name}.sql").read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("exchange", "0002_changes"), ("people", "0016_doses_as_witnesses"), ("corrections", "0002_identity"),
        ("rights", "0001_rights"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(script("pccovid.foundation", "asking"), migrations.RunSQL.noop),
        migrations.RunSQL(script("pccovid.identity_verification", "verification"), migrations.RunSQL.noop),
    ]
