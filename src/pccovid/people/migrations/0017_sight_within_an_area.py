"""Whether the one person of an officer's page lives in the area: the next migration makes the function, as it is by now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0016_doses_as_witnesses")]
    operations: list[migrations.RunSQL] = []
