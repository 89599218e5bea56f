"""Entries written for announcements that left none are no openings: nothing is asked of them."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("officers", "0001_identity"), ("foundation", "0009_announcing")]
    operations = [
        migrations.RunSQL((files("pccovid.officers") / "sql" / "left_open.sql").read_text(), migrations.RunSQL.noop)
    ]
