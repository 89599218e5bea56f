"""A health station takes back what it wrote down by telephone."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.declaring") / "sql" / "withdrawing.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("declaring", "0003_by_telephone_all_forms")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
