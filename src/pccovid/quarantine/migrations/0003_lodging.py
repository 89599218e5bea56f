"""Places of quarantine with rooms, needs, days somebody may have left; orders for arrivals and for cases at home."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.quarantine") / "sql"
# What they tell has more columns now.
_GONE = """
    DROP FUNCTION IF EXISTS access.quarantine_seen();
    DROP FUNCTION IF EXISTS access.quarantine_seen(bigint);
    DROP FUNCTION access.quarantine_of(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("quarantine", "0002_codes"), ("contact_tracing", "0004_found_quicker"), ("border", "0002_protect"),
        ("notices", "0003_exposures"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, *((_SQL / name).read_text() for name in ("lodging.sql", "orders.sql", "ordering.sql", "own.sql", "needs.sql")),
        )
    ]  # fmt: skip
