"""Signing in prefers the person whose whole date of birth fits: 0012 makes the function, as it is by now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0009_ledger_for_analysis")]
    operations: list[migrations.RunSQL] = []
