"""When the laboratory received a specimen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lab_tests", "0002_protect")]
    operations = [
        migrations.AddField(model_name="test", name="received_at", field=models.DateTimeField(null=True)),
    ]
