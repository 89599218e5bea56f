"""Django's entry for insurance."""

from django.apps import AppConfig

from pccovid.foundation.facts import register
from pccovid.insurance.carried import CARD


class InsuranceConfig(AppConfig):
    name = "pccovid.insurance"
    label = "insurance"

    def ready(self) -> None:
        register(CARD)
