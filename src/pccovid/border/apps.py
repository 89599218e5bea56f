"""Django's entry for border."""

from django.apps import AppConfig

from pccovid.border.carried import ENTRY
from pccovid.foundation.facts import register


class BorderConfig(AppConfig):
    name = "pccovid.border"
    label = "border"

    def ready(self) -> None:
        register(ENTRY)
