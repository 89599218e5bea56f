"""Django's entry for vaccination."""

from django.apps import AppConfig

from pccovid.foundation.facts import register, register_settling
from pccovid.vaccination.carried import DOSE
from pccovid.vaccination.duplicates import MARK


class VaccinationConfig(AppConfig):
    name = "pccovid.vaccination"
    label = "vaccination"

    def ready(self) -> None:
        register(DOSE)
        register_settling(DOSE.name, MARK)
