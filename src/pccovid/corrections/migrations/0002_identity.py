"""Cases of identities that the population database does not agree with."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("corrections", "0001_corrections")]
    operations = [
        migrations.RunSQL((files("pccovid.corrections") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("identity.sql", "own.sql", "desk.sql")
    ]
