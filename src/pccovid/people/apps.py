"""Django's entry for the person index."""

from django.apps import AppConfig

from pccovid.foundation.facts import register
from pccovid.people.carried import ADDRESS, RELATIONSHIP


class PeopleConfig(AppConfig):
    name = "pccovid.people"
    label = "people"

    def ready(self) -> None:
        register(ADDRESS, RELATIONSHIP)
