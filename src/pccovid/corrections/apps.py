"""Django's entry for corrections: its tables and functions have migrations of their own."""

from django.apps import AppConfig

from pccovid.foundation.resealing import SealedColumn, register_sealed

_VALUE = SealedColumn("access.correction_value", "sealed", "correction_value", key_type="bigint")
_PHOTO = SealedColumn("access.correction_photo", "sealed", "correction_photo", key_type="bigint")


class CorrectionsConfig(AppConfig):
    name = "pccovid.corrections"
    label = "corrections"

    def ready(self) -> None:
        register_sealed(_VALUE)
        register_sealed(_PHOTO)
