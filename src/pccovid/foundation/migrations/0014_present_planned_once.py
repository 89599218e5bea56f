"""What the present is, every statement under a span asks: planned once in a session, no longer by each statement."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0013_unused_scope_functions")]
    operations = [
        migrations.RunSQL((files("pccovid.foundation") / "sql" / "present.sql").read_text(), migrations.RunSQL.noop)
    ]
