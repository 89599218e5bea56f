"""Django's entry for vaccination."""

from django.apps import AppConfig

from pccovid.foundation.facts import register
from pccovid.vaccination.carried import DOSE


class VaccinationConfig(AppConfig):
    name = "pccovid.vaccination"
    label = "vaccination"

    def ready(self) -> None:
        register(DOSE)
