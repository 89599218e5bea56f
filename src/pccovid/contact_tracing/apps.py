"""Django's entry for contact tracing: its tables and functions have migrations of their own."""

from django.apps import AppConfig


class ContactTracingConfig(AppConfig):
    name = "pccovid.contact_tracing"
    label = "contact_tracing"
