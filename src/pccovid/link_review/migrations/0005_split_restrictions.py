"""A restriction goes with both persons that a split makes of one."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("link_review", "0004_protect_splits")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.link_review") / "sql" / "split_restrictions.sql").read_text(), migrations.RunSQL.noop
        )
    ]
