"""Requests to split a person; when a split told two records apart."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("link_review", "0002_protect"),
    ]

    operations = [
        migrations.AddField(
            model_name="ruling",
            name="told_apart_at",
            field=models.DateTimeField(
                help_text="when a split told these apart; older opinions count no more", null=True
            ),
        ),
        migrations.CreateModel(
            name="Split",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.UUIDField()),
                (
                    "record_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), help_text="what is to stand on a person of its own", size=None
                    ),
                ),
                ("reason", models.TextField()),
                ("asked_by", models.IntegerField()),
                ("asked_office", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("answered_by", models.IntegerField(null=True)),
                ("answered_office", models.TextField(default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("agrees", models.BooleanField(null=True)),
                ("answer", models.TextField(default="", help_text="why somebody declined")),
                ("done_at", models.DateTimeField(help_text="when it was over, whatever became of it", null=True)),
                ("outcome", models.TextField(default="")),
                ("note", models.TextField(default="", help_text="why it could not be done")),
                ("opened_id", models.UUIDField(help_text="the person opened for the records", null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["person_id"], name="split_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)), fields=("person_id",), name="split_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ("", "split", "declined", "refused"))),
                        name="split_outcome_is_known_word",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("outcome", "")),
                            models.Q(("done_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="split_ends_with_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agrees", True), _negated=True),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="split_agreed_by_another",
                    ),
                ],
            },
        ),
    ]
