"""Django's entry for treatment."""

from django.apps import AppConfig

from pccovid.foundation.facts import register
from pccovid.treatment.carried import FACTS


class TreatmentConfig(AppConfig):
    name = "pccovid.treatment"
    label = "treatment"

    def ready(self) -> None:
        register(*FACTS)
