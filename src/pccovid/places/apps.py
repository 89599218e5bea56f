"""Django's entry for places: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "pccovid.places"
    label = "places"
