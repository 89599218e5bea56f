"""Row security of the person index; the area tree that scopes are checked against."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("foundation", "0001_access")]
    operations = [
        migrations.RunSQL((files("pccovid.people") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("protect.sql", "scope.sql")
    ]
