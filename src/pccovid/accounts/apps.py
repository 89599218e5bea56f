"""Django's entry for citizen accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "pccovid.accounts"
    label = "accounts"
