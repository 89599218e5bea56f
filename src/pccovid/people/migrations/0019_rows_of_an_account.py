"""Every row of an account is found by it: where the account's own record never came, they say whose it is."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0018_sight_of_a_case")]

    operations = [
        migrations.AddIndex(
            model_name="recordclaim",
            index=HashIndex(fields=["account"], name="recordclaim_by_account", condition=Q(account__isnull=False)),
        ),
        migrations.RemoveIndex(model_name="recordclaim", name="recordclaim_held_by_account"),
    ]
