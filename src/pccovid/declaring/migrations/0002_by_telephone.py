"""A health station declares for somebody who calls: the next migration makes the function, as it is by now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("declaring", "0001_declaring")]
    operations: list[migrations.RunSQL] = []
