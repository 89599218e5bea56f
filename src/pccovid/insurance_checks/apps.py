"""Django's entry for checks of insurance cards: its table and functions have a migration of their own."""

from django.apps import AppConfig


class InsuranceChecksConfig(AppConfig):
    name = "pccovid.insurance_checks"
    label = "insurance_checks"
