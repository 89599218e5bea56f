"""Django's entry for feedback: its tables and functions have migrations of their own."""

from django.apps import AppConfig

from pccovid.foundation.resealing import SealedColumn, register_sealed

_PHOTO = SealedColumn("access.feedback_photo", "sealed", "feedback_photo", key_type="bigint")


class FeedbackConfig(AppConfig):
    name = "pccovid.feedback"
    label = "feedback"

    def ready(self) -> None:
        register_sealed(_PHOTO)
