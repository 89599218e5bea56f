"""Places name who registered them, so jobs see them only with their access open.

Everybody may see a place itself: the web is granted those columns alone that are about nobody.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("movement", "0003_spans")]
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE movement_place ENABLE ROW LEVEL SECURITY;
            CREATE POLICY is_about_nobody ON movement_place FOR SELECT TO pccovid_web USING (true);
            CREATE POLICY writes ON movement_place FOR ALL TO pccovid_jobs USING (
                (SELECT access.writes('movement')) AND (SELECT access.scope_is_all()));
            """,
            migrations.RunSQL.noop,
        )
    ]
