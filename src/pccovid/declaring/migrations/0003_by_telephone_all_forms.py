"""By telephone every form is taken."""

from importlib.resources import files

from django.db import migrations

SQL = (files("pccovid.declaring") / "sql" / "by_telephone.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("declaring", "0002_by_telephone")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
