"""Movements are seen no further back than a purpose may look."""

from django.db import migrations

from pccovid.foundation.protection import limit_spans


class Migration(migrations.Migration):
    dependencies = [("movement", "0002_protect"), ("foundation", "0005_spans")]
    operations = [
        limit_spans(
            "movement",
            {"movement_visit": "entered_at", "movement_trip": "departed_at", "movement_scan": "scanned_at"},
        ),
    ]
