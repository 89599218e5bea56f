"""Django's entry for consents: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "pccovid.consents"
    label = "consents"
