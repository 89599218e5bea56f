"""What the web may do with codes: make them, use them up, and drop old ones. Nobody else touches them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("foundation", "0001_access")]
    operations = [
        migrations.RunSQL(
            """
            GRANT SELECT, INSERT, DELETE ON accounts_signincode, accounts_sandboxmessage TO pccovid_web;
            GRANT UPDATE (tries_left, proven_at, names_left, used_at) ON accounts_signincode TO pccovid_web;
            GRANT USAGE ON SEQUENCE accounts_sandboxmessage_id_seq TO pccovid_web;
            """,
            migrations.RunSQL.noop,
        )
    ]
