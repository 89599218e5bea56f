"""Many cases' contacts are found by a statement that is planned with less work, and looks places up in their order.

What an outcome may be, and that it is somebody's, is one check of a contact. The functions may stay as they are on the way back.
"""

from importlib.resources import files

from django.db import migrations

_SQL = files("pccovid.contact_tracing") / "sql"
_ONE_CHECK = """
    ALTER TABLE access.trace_contact DROP CONSTRAINT trace_contact_outcome_check, DROP CONSTRAINT an_outcome_is_somebodys,
        ADD CONSTRAINT an_outcome_is_somebodys CHECK (
            (outcome = '' AND outcome_by IS NULL)
            OR (outcome IN ('reached', 'not_reached', 'not_a_contact', 'elsewhere') AND outcome_by IS NOT NULL));
"""
_TWO_CHECKS = """
    ALTER TABLE access.trace_contact DROP CONSTRAINT an_outcome_is_somebodys,
        ADD CONSTRAINT an_outcome_is_somebodys CHECK ((outcome = '') = (outcome_by IS NULL)),
        ADD CONSTRAINT trace_contact_outcome_check
            CHECK (outcome IN ('', 'reached', 'not_reached', 'not_a_contact', 'elsewhere'));
"""


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0020_kind_of_each_stay")]
    operations = [
        migrations.RunSQL(_ONE_CHECK, _TWO_CHECKS),
        *(
            migrations.RunSQL((_SQL / name).read_text(), migrations.RunSQL.noop)
            for name in ("meetings.sql", "many_meetings.sql")
        ),
    ]
