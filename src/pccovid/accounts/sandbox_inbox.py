"""The sandbox's telecom: messages to made people, kept to be shown on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from pccovid.accounts.models import SandboxMessage
from pccovid.accounts.sealed import PHONE
from pccovid.foundation.sealing import sealer

_SHOWN = 20


@dataclass(frozen=True)
class ShownMessage:
    """One message as the page shows it."""

    phone: str
    text: str
    sent_at: datetime


class SandboxInbox:
    """A MessageSender that keeps what it is given."""

    def send(self, phone: str, text: str) -> None:
        """Keep the message."""
        sealed = sealer().seal(phone, PHONE.about)
        SandboxMessage.objects.create(phone=sealed, text=text, sent_at=timezone.now())


def newest_messages() -> tuple[ShownMessage, ...]:
    """The newest twenty messages, newest first."""
    kept = SandboxMessage.objects.order_by("-id").values_list("phone", "text", "sent_at")[:_SHOWN]
    return tuple(ShownMessage(sealer().reveal(phone, PHONE.about), text, sent_at) for phone, text, sent_at in kept)
