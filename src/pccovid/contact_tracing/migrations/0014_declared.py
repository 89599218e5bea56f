"""Whom a case says they met is a kind of meeting; whether a case is at a desk is asked by one function."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0013_opened_days")]
    operations = [
        migrations.RunSQL(_text(name), migrations.RunSQL.noop)
        for name in (
            "declared.sql", "meetings.sql", "at_desk.sql", "desk.sql", "preview.sql", "accepted.sql", "chains.sql",
        )
    ]  # fmt: skip
