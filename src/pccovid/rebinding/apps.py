"""Django's entry for re-binding: its tables and functions have migrations of their own."""

from django.apps import AppConfig

from pccovid.foundation.resealing import SealedColumn, register_sealed

_PHONE = SealedColumn("access.rebinding", "sealed_phone", "rebinding_phone", key_type="bigint")


class RebindingConfig(AppConfig):
    name = "pccovid.rebinding"
    label = "rebinding"

    def ready(self) -> None:
        register_sealed(_PHONE)
