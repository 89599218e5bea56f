"""Django's entry for citizen accounts."""

from django.apps import AppConfig

from pccovid.accounts.sealed import PHONE
from pccovid.foundation.resealing import register_sealed


class AccountsConfig(AppConfig):
    name = "pccovid.accounts"
    label = "accounts"

    def ready(self) -> None:
        register_sealed(PHONE)
