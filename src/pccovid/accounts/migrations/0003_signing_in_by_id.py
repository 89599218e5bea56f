"""Signing in by a verified personal id, which VNeID tells."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.accounts") / "sql" / "signing_in_by_id.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_grants"), ("people", "0016_doses_as_witnesses")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION access.person_signing_in_by_id(text[], text, date)")]
