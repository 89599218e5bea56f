"""A claim tells number and day of the row's dose, until the row itself is emptied."""

from django.db import migrations, models

FORGET = """
CREATE FUNCTION access.forget_dose_of_emptied_record() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, access, pg_temp AS $$
BEGIN
    UPDATE people_recordclaim SET dose = NULL WHERE record_id = NEW.record_id AND dose IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_dose AFTER UPDATE OF payload ON people_sourcerecord
    FOR EACH ROW WHEN (NEW.payload = '{"erased": true}') EXECUTE FUNCTION access.forget_dose_of_emptied_record();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0015_sight_of_records")]

    operations = [
        migrations.AddField(
            model_name="recordclaim",
            name="dose",
            field=models.TextField(help_text="number and day of the dose that the row tells of", null=True),
        ),
        migrations.RunSQL(
            FORGET,
            "DROP TRIGGER forget_dose ON people_sourcerecord; DROP FUNCTION access.forget_dose_of_emptied_record()",
        ),
    ]
