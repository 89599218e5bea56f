"""A person may say that they met nobody, and is answered."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.contact_tracing") / "sql" / "disputes.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0015_waiting")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
