"""Django's entry for declarations."""

from django.apps import AppConfig

from pccovid.declarations.carried import DECLARATION
from pccovid.foundation.facts import register


class DeclarationsConfig(AppConfig):
    name = "pccovid.declarations"
    label = "declarations"

    def ready(self) -> None:
        register(DECLARATION)
