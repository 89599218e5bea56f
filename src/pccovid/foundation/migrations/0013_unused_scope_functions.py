"""What the first policies asked goes: no policy and no function has asked it since 0006."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("foundation", "0012_table_statistics")]
    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS access.in_scope(uuid, boolean, uuid[], text), access.scope_persons(),"
            " access.scope_area()",
            migrations.RunSQL.noop,
        )
    ]
