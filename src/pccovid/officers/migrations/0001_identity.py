"""Second factors, appointing by superiors, break-glass, and limits shared by all workers."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("foundation", "0003_officers"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunSQL((files("pccovid.officers") / "sql" / name).read_text(), migrations.RunSQL.noop)
        for name in ("accounts.sql", "factors.sql", "appointing.sql", "break_glass.sql")
    ]
