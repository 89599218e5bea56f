"""Who was at a place is found by when they were there, whether or not their entry is known: one look instead of three.

Who counts a place's visits of a month reads those of all days that are kept, about as many. The functions may stay as they are
on the way back; they find the same by the older indexes, by reading more.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
# As access.there_here says.
_THERE = """
    (CASE WHEN left_at IS NULL OR (left_at >= entered_at AND left_at - entered_at <= interval '24 hours')
          THEN entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh'
          ELSE (left_at AT TIME ZONE 'Asia/Ho_Chi_Minh') - interval '2 hours' END)
"""
_INDEXES = f"""
    DROP INDEX visit_by_place, visit_over_midnight, visit_without_entry;
    CREATE INDEX visit_by_place ON movement_visit (place_key, {_THERE}) INCLUDE (entered_at, left_at, person_id, day)
        WHERE superseded_at IS NULL;
    CREATE INDEX visit_over_midnight ON movement_visit (place_key, {_THERE}) INCLUDE (entered_at, left_at, person_id, day)
        WHERE superseded_at IS NULL AND {_THERE}::date < day;
"""
_AS_THEY_WERE = """
    DROP INDEX visit_by_place, visit_over_midnight;
    CREATE INDEX visit_by_place ON movement_visit (place_key, entered_at) INCLUDE (left_at, person_id, day)
        WHERE superseded_at IS NULL;
    CREATE INDEX visit_over_midnight ON movement_visit (place_key, entered_at) INCLUDE (left_at, person_id, day)
        WHERE superseded_at IS NULL AND (entered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < day;
    CREATE INDEX visit_without_entry ON movement_visit (place_key, left_at) INCLUDE (person_id, day)
        WHERE superseded_at IS NULL AND left_at IS NOT NULL
          AND (entered_at IS NULL OR left_at - entered_at > interval '24 hours' OR left_at < entered_at);
"""
_GONE = "DROP FUNCTION IF EXISTS access.others_there(date[], boolean), access.has_odd_visits(date[])"


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0022_in_lanes")]
    operations = [
        migrations.RunSQL(_INDEXES, _AS_THEY_WERE),
        migrations.RunSQL(_GONE, migrations.RunSQL.noop),
        *(
            migrations.RunSQL((_SQL / name).read_text(), migrations.RunSQL.noop)
            for name in ("meeting_words.sql", "many_meetings.sql", "place_meetings.sql", "meetings.sql")
        ),
    ]
