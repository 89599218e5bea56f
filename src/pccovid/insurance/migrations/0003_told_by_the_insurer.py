"""What the insurer tells of a card: its state, for how long it holds, and who looked it up."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insurance", "0002_protect")]
    operations = [
        migrations.AddField("card", "state", models.TextField(null=True)),
        migrations.AddField("card", "valid_from", models.DateField(null=True)),
        migrations.AddField("card", "valid_to", models.DateField(null=True)),
        migrations.AddField("card", "registered_at", models.TextField(null=True)),
        migrations.AddField(
            "card",
            "look_ups",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
    ]
