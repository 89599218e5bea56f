"""A health station declares for somebody who calls."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.declaring") / "sql" / "by_telephone.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("declaring", "0001_declaring")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
