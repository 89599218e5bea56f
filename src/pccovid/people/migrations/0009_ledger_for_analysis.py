"""Analysis reads the ledger, which counts rows and knows nobody."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0008_seal_numbers")]
    operations = [
        migrations.RunSQL(
            """
            GRANT USAGE ON SCHEMA public TO pccovid_analysis;
            GRANT SELECT ON people_importfile, people_importreason TO pccovid_analysis;
            GRANT SELECT (id, stage, started_at, published_at, model_version) ON people_importrun TO pccovid_analysis;
            """,
            migrations.RunSQL.noop,
        )
    ]
