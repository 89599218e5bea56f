"""A place's scanners are listed and taken back, by its registrant too."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0003_check_in_kept")]
    operations = [
        migrations.RunSQL((files("pccovid.places") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("devices.sql", "waiting_scans.sql")
    ]
