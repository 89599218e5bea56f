"""Django's entry for verification of identities: its tables and functions have a migration of their own."""

from django.apps import AppConfig


class IdentityVerificationConfig(AppConfig):
    name = "pccovid.identity_verification"
    label = "identity_verification"
