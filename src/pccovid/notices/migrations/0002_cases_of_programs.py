"""Of a case that a program opened the person it is about is told: nobody asked for it."""

from django.db import migrations

TOLD = """
CREATE OR REPLACE FUNCTION access.notice_of_correction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = access, pg_temp AS $$
BEGIN
    INSERT INTO access.notice (person_id, kind, subject)
    SELECT coalesce(c.asked_by, c.person_id), 'correction', c.id
    FROM access.correction c WHERE c.id = NEW.correction_id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices"), ("corrections", "0002_identity")]
    operations = [migrations.RunSQL(TOLD, migrations.RunSQL.noop)]
