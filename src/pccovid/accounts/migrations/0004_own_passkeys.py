"""Passkeys of citizens."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.accounts") / "sql" / "own_passkeys.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_signing_in_by_id"), ("inspection", "0003_exports_and_children")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
