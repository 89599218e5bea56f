"""Indexes for matching one record at a time, and the table of verification answers."""

from django.contrib.postgres.indexes import HashIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0012_own_sight_by_golden_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="VerificationAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                (
                    "record_id",
                    models.UUIDField(help_text="the source record that was checked, where it was one", null=True),
                ),
                ("source", models.TextField(help_text="the system that was asked; empty: our own index")),
                ("code", models.TextField()),
                (
                    "grades",
                    models.JSONField(default=dict, help_text="attribute → agree, initials_agree, differs, missing"),
                ),
                ("asked_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.TextField()),
            ],
        ),
        migrations.AddIndex(
            model_name="recordclaim",
            index=models.Index(fields=["name_sorted", "commune_code"], name="recordclaim_by_name_place"),
        ),
        migrations.AddIndex(
            model_name="recordclaim",
            index=HashIndex(
                condition=models.Q(("account__isnull", False), ("person_id__isnull", True)),
                fields=["account"],
                name="recordclaim_held_by_account",
            ),
        ),
        migrations.AddIndex(
            model_name="recordclaim",
            index=models.Index(
                condition=models.Q(("id_tail__isnull", False), ("person_id__isnull", True)),
                fields=["name_sorted", "birth_date"],
                name="recordclaim_held_by_code",
            ),
        ),
        migrations.AddIndex(
            model_name="verificationanswer",
            index=models.Index(fields=["person_id", "asked_at"], name="verificationanswer_by_person"),
        ),
        migrations.AddConstraint(
            model_name="verificationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__in", ("000", "050", "060", "061", "070", "205", "incomplete"))),
                name="verificationanswer_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="verificationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_at__lte", models.F("recorded_at"))), name="verificationanswer_asked_first"
            ),
        ),
    ]
