"""The number of the old card can be corrected."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rights", "0003_numbers_and_consents")]
    operations = [migrations.RunSQL((files("pccovid.rights") / "sql" / "own.sql").read_text(), migrations.RunSQL.noop)]
