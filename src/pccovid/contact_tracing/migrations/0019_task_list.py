"""A desk reads so many tasks of each kind, the soonest due first, and counts the others; so many cases, the newest first."""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
# The lists tell less at once; that of tasks tells the words of disputes.
_GONE = """
    DROP FUNCTION IF EXISTS access.trace_tasks_seen(), access.disputes_seen(), access.trace_cases_seen(bigint),
        access.contacts_from_elsewhere();
"""


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0018_once_over_midnight")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _GONE, *((_SQL / name).read_text() for name in ("at_desk.sql", "desk.sql", "task_list.sql", "waiting.sql")),
        )
    ]  # fmt: skip
