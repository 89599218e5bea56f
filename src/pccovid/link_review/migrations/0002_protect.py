"""Row security of opinions and rulings; the function that takes an opinion down."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("link_review", "0001_initial"), ("people", "0002_protect")]
    operations = [
        migrations.RunSQL((files("pccovid.link_review") / "sql" / "protect.sql").read_text(), migrations.RunSQL.noop)
    ]
