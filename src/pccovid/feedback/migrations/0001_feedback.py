"""Feedback to the commune, and its desk."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("declaring", "0001_declaring"), ("rights", "0001_rights")]
    operations = [
        migrations.RunSQL((files("pccovid.feedback") / "sql" / "feedback.sql").read_text(), migrations.RunSQL.noop)
    ]
