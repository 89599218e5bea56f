"""Entries written for announcements that left none are no openings: nothing is asked of them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rights", "0001_rights"), ("foundation", "0009_announcing")]
    operations = [migrations.RunSQL((files("pccovid.rights") / "sql" / "desk.sql").read_text(), migrations.RunSQL.noop)]
