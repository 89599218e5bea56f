"""What sign-in needs from outside: somebody who carries a short message to a phone."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class MessageWasNotSent(RuntimeError):
    """The carrier refused or could not be reached; the person may try again."""


class MessageSender(Protocol):
    """A telecom, or the sandbox's page."""

    def send(self, phone: str, text: str) -> None:
        """Hand the text over for this number (national form). Raises MessageWasNotSent."""


def message_sender() -> MessageSender:
    """The sender that settings name (PCCOVID_MESSAGE_SENDER in production)."""
    sender: MessageSender = import_string(settings.MESSAGE_SENDER)()
    return sender
