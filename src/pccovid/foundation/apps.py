"""Django's entry for the ground floor."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "pccovid.foundation"
    label = "foundation"
