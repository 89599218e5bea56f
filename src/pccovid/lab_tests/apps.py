"""Django's entry for lab_tests."""

from django.apps import AppConfig

from pccovid.foundation.facts import register
from pccovid.lab_tests.carried import TEST


class LabTestsConfig(AppConfig):
    name = "pccovid.lab_tests"
    label = "lab_tests"

    def ready(self) -> None:
        register(TEST)
