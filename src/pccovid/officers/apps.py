"""Django's entry for officers: their factors, appointments and broken glasses have migrations of their own."""

from django.apps import AppConfig


class OfficersConfig(AppConfig):
    name = "pccovid.officers"
    label = "officers"
