"""What a citizen's own sign-in and record need of the index beyond their own rows."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_protect")]
    operations = [
        migrations.RunSQL((files("pccovid.people") / "sql" / "own_sight.sql").read_text(), migrations.RunSQL.noop)
    ]
