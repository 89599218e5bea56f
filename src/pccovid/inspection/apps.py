"""Django's entry for inspection: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "pccovid.inspection"
    label = "inspection"
