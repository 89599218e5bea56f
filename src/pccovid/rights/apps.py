"""Django's entry for rights: its tables and functions have migrations of their own."""

from django.apps import AppConfig

from pccovid.foundation.resealing import SealedColumn, register_sealed

_VALUE = SealedColumn("access.right_value", "sealed", "right_value", key_type="bigint")


class RightsConfig(AppConfig):
    name = "pccovid.rights"
    label = "rights"

    def ready(self) -> None:
        register_sealed(_VALUE)
