"""Where a person lives in two looks; a relationship's other end without the claims' policies in every statement."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0014_protect_verification_answers"), ("foundation", "0008_sight_in_one_question")]
    operations = [
        migrations.RunSQL((files("pccovid.people") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("scope.sql", "sight_of_records.sql")
    ]
