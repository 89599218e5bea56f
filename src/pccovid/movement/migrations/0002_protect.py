"""Row security of this module's facts."""

from django.db import migrations

from pccovid.foundation.protection import protect_facts


class Migration(migrations.Migration):
    dependencies = [("movement", "0001_initial"), ("people", "0002_protect")]
    operations = [
        protect_facts("movement", "movement_visit", "movement_trip", "movement_scan"),
        # Places are about nobody; only their registrant is, and that stays with jobs until a page needs it.
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON movement_place TO pccovid_jobs", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "GRANT SELECT (id, record_id, place_key, name, kind, commune_code, address, registered_at)"
            " ON movement_place TO pccovid_web",
            migrations.RunSQL.noop,
        ),
    ]
