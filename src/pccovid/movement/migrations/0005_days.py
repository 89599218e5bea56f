"""Visits, trips and scans lie in one partition for each day; what there was is moved."""

from importlib.resources import files

from django.db import migrations, models

from pccovid.foundation.protection import limit_spans, protect_facts

_TABLES = ("movement_visit", "movement_trip", "movement_scan")


class Migration(migrations.Migration):
    dependencies = [
        # Its indexes on time go with the tables they were on.
        ("movement", "0004_places"), ("foundation", "0007_hardening"), ("retention", "0001_retention"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files("pccovid.movement") / "sql" / "partitions.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(
            (files("pccovid.movement") / "sql" / "days.sql").read_text(),
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AddField(name, "day", models.DateField(db_default=models.Value("0001-01-01")))
                for name in ("visit", "trip", "scan")
            ],
        ),
        protect_facts("movement", *_TABLES),
        limit_spans(
            "movement",
            {"movement_visit": "entered_at", "movement_trip": "departed_at", "movement_scan": "scanned_at"},
        ),
    ]
