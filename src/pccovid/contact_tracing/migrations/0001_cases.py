"""Cases, exposures, contacts, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("movement", "0006_scans"), ("lab_tests", "0002_protect"), ("border", "0002_protect"), ("people", "0002_protect"),
        ("rights", "0001_rights"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            # Finding and writing contacts: migration 0004.
            _text("tables.sql"), _text("opening.sql"), _text("meeting_words.sql"),
        )
    ]  # fmt: skip
