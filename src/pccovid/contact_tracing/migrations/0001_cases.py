"""Cases, exposures, contacts, and the functions that are the only way to them."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_FEW = "SET plan_cache_mode = force_generic_plan SET enable_hashjoin = off SET enable_mergejoin = off"
_MANY = "SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET enable_mergejoin = off SET work_mem = '128MB'"


def _text(name: str) -> str:
    return (_SQL / name).read_text()


def _place_meetings(name: str, settings: str) -> str:
    return _text("place_meetings.sql").replace("{name}", name).replace("{settings}", settings)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("movement", "0006_scans"), ("lab_tests", "0002_protect"), ("border", "0002_protect"), ("people", "0002_protect"),
        ("rights", "0001_rights"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _text("tables.sql"), _text("opening.sql"), _text("meeting_words.sql"),
            _place_meetings("met_by_few", _FEW), _place_meetings("met_by_many", _MANY), _text("meetings.sql"),
            _text("tracing.sql"),
        )
    ]  # fmt: skip
