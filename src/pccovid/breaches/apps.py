"""Django's entry for the register of breaches: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class BreachesConfig(AppConfig):
    name = "pccovid.breaches"
    label = "breaches"
