"""Django's entry for agreements: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "pccovid.agreements"
    label = "agreements"
