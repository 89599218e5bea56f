"""Access is opened to a case's people, or to the one whom a task is about."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.contact_tracing") / "sql" / "case_scope.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0011_accepted"), ("foundation", "0011_case_scope")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
