"""Django's entry for movement."""

from django.apps import AppConfig

from pccovid.foundation.facts import register
from pccovid.movement.carried import PLACE, SCAN, TRIP, VISIT


class MovementConfig(AppConfig):
    name = "pccovid.movement"
    label = "movement"

    def ready(self) -> None:
        register(PLACE, VISIT, TRIP, SCAN)
