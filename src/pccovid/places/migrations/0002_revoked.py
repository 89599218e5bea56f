"""Whether a code that a citizen reads was taken back."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("places", "0001_places")]
    operations = [
        migrations.RunSQL((files("pccovid.places") / "sql" / "revoked.sql").read_text(), migrations.RunSQL.noop)
    ]
