"""A desk reads so many orders and needs, the longest unchecked and the soonest due first, and counts the others."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.quarantine") / "sql"
# The lists tell more, and less at once.
_GONE = """
    DROP FUNCTION IF EXISTS access.quarantine_seen(bigint), access.needs_seen(), access.breaches_of_quarantine_seen(),
        access.arrivals_seen();
"""
_KNOWN_CHECKS = """
    UPDATE access.quarantine_order o SET checked_on = k.day
    FROM (SELECT order_id, max(day) AS day FROM access.quarantine_check GROUP BY 1) k
    WHERE k.order_id = o.id AND o.state = 'open' AND o.checked_on IS DISTINCT FROM k.day;
"""


class Migration(migrations.Migration):
    dependencies = [("quarantine", "0004_waiting"), ("contact_tracing", "0019_task_list")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, (_SQL / "orders.sql").read_text(), _KNOWN_CHECKS, (_SQL / "order_list.sql").read_text(),
            (_SQL / "ordering.sql").read_text(), (_SQL / "waiting.sql").read_text(),
        )
    ]  # fmt: skip
