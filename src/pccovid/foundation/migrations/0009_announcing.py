"""An access is announced before it is opened, so that a reading rolled back leaves its entry."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0008_sight_in_one_question")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "announcing.sql").read_text(), migrations.RunSQL.noop)
    ]
