"""Django's entry for notices: its tables and functions have migrations of their own."""

from django.apps import AppConfig

from pccovid.foundation.resealing import SealedColumn, register_sealed

_ENDPOINT = SealedColumn("access.push_subscription", "sealed", "push_endpoint", key_type="bigint")
_PHONE = SealedColumn("access.notice_choice", "sealed_phone", "notice_phone", key="person_id")


class NoticesConfig(AppConfig):
    name = "pccovid.notices"
    label = "notices"

    def ready(self) -> None:
        register_sealed(_ENDPOINT)
        register_sealed(_PHONE)
