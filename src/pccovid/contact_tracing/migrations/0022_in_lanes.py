"""Several connections may trace at once, each its own cases; whom one case met over midnight is found by their own index.

The functions may stay as they are on the way back.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_INDEX = """
    DROP INDEX visit_over_midnight;
    CREATE INDEX visit_over_midnight ON movement_visit (place_key, entered_at) INCLUDE ({columns})
        WHERE superseded_at IS NULL AND (entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < day;
"""


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0021_planned_quicker")]
    operations = [
        # With the day: who asks the whole movement reads it from the index alone.
        migrations.RunSQL(
            _INDEX.format(columns="left_at, person_id, day"), _INDEX.format(columns="left_at, person_id")
        ),
        *(
            migrations.RunSQL((_SQL / name).read_text(), migrations.RunSQL.noop)
            for name in ("place_meetings.sql", "tracing.sql")
        ),
    ]
