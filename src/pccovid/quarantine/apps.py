"""Django's entry for quarantine: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class QuarantineConfig(AppConfig):
    name = "pccovid.quarantine"
    label = "quarantine"
