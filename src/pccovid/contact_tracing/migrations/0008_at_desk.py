"""What is in sight at a tracer's desk is asked by plans that are kept, and cases of four weeks are found by their day."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contact_tracing", "0007_cluster")]
    operations = [
        migrations.RunSQL(
            (files("pccovid.contact_tracing") / "sql" / "at_desk.sql").read_text(), migrations.RunSQL.noop
        )
    ]
