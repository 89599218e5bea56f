"""Django's entry for declaring: its tables and functions have migrations of their own."""

from django.apps import AppConfig

from pccovid.foundation.resealing import SealedColumn, register_sealed

_DRAFT = SealedColumn("access.declaration_draft", "sealed", "declaration_draft", key_type="bigint")


class DeclaringConfig(AppConfig):
    name = "pccovid.declaring"
    label = "declaring"

    def ready(self) -> None:
        register_sealed(_DRAFT)
