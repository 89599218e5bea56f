"""The change feed with its triggers, and the outbox its receivers are told from."""

from importlib.resources import files

from django.db import migrations


def script(package: str, name: str) -> str:
    return (files(package) / "sql" / f"{name}.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_messages"), ("people", "0007_sealed_numbers"), ("vaccination", "0001_initial"),
        ("lab_tests", "0001_initial"), ("insurance", "0001_initial"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(script("pccovid.foundation", "outbox"), migrations.RunSQL.noop),
        migrations.RunSQL(script("pccovid.exchange", "change_kinds"), migrations.RunSQL.noop),
        migrations.RunSQL(script("pccovid.exchange", "changes"), migrations.RunSQL.noop),
    ]
