"""Django's entry for the board of sources: its tables and functions have a migration of their own."""

from django.apps import AppConfig


class SourceBoardConfig(AppConfig):
    name = "pccovid.source_board"
    label = "source_board"
