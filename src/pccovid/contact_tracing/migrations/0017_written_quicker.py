"""Many cases' contacts are found and written with less work; no exposure lies outside its case's period.

Exposures are kept in one order, by case, level and person, which is their key; numbers are drawn a hundred at a time.
Who is ticked among another period's contacts widens the period.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_TABLES = """
    ALTER TABLE access.trace_exposure DROP CONSTRAINT trace_exposure_pkey,
        ADD CONSTRAINT trace_exposure_pkey PRIMARY KEY (case_id, level, person_id, id);
    DROP INDEX access.trace_exposure_by_case;
    ALTER TABLE access.trace_exposure ALTER COLUMN id SET CACHE 100;
    ALTER TABLE access.trace_contact ALTER COLUMN id SET CACHE 100;
    DROP FUNCTION IF EXISTS access.settle_contacts(bigint[], integer, boolean), access.write_contacts(bigint[], boolean);
"""


def _text(name: str) -> str:
    return (_SQL / name).read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0016_disputes")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            _TABLES, _text("place_meetings.sql"), _text("many_meetings.sql"), _text("tracing.sql"), _text("cluster_lane.sql"),
            _text("accepted.sql"),
            "DROP FUNCTION IF EXISTS access.write_accepted(bigint[])",
        )
    ]  # fmt: skip
