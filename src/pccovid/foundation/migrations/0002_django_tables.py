"""What the web may do with Django's own tables: sessions, and reading officers' accounts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0001_access"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunSQL(
            """
            GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO pccovid_web;
            GRANT SELECT ON auth_user, auth_group, auth_user_groups, auth_permission, auth_group_permissions,
                auth_user_user_permissions, django_content_type TO pccovid_web;
            GRANT UPDATE (last_login, password) ON auth_user TO pccovid_web;
            """,
            migrations.RunSQL.noop,
        )
    ]
