"""Room for sealed numbers beside their hashes."""

from django.db import migrations, models

_HASH = "keyed hash (people/numbers.py)"


class Migration(migrations.Migration):
    dependencies = [("people", "0006_source_sight")]
    operations = [
        migrations.AddField(
            "recordclaim", "sealed",
            models.JSONField(
                null=True, help_text="number column → sealed number; the columns themselves hold hashes"
            ),
        ),
        migrations.AddField("identifier", "sealed", models.TextField(null=True)),
        migrations.AddField("contactpoint", "sealed", models.TextField(null=True)),
        migrations.AlterField("identifier", "value", models.TextField(help_text=_HASH)),
        migrations.AlterField("contactpoint", "value", models.TextField(help_text=_HASH)),
        migrations.AlterField(
            "sourcerecord", "payload", models.TextField(help_text="JSON text as received, sealed")
        ),
        migrations.AlterField(
            "sourcerecord", "content_hash",
            models.BinaryField(help_text="keyed: nobody can try out contents on it"),
        ),
    ]  # fmt: skip
