"""Django's entry for the exchange: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "pccovid.exchange"
    label = "exchange"
