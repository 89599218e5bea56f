"""Telling people beside the app: push to their devices, else SMS. As the jobs role; outside quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import psycopg

from pccovid.accounts.ports import MessageSender, MessageWasNotSent
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.sealing import sealer
from pccovid.notices.operations import ABOUT_ENDPOINT, ABOUT_PHONE
from pccovid.notices.pushing import NotDelivered, Push, SubscriptionIsGone
from pccovid.notices.rules import is_quiet

SMS = "PC-Covid: co dieu moi trong ho so cua ban. Mo ung dung hoac hoi tram y te xa."
"""Without marks, so that one message carries it on any phone; it says nothing of anybody."""


_CONTACT = "phone"
"""What contact points of this kind are sealed about."""


def tell_exposures(connection: psycopg.Connection) -> int:
    """A notice for everybody who met a case since they were last told; returns for how many. On autocommit, as jobs."""
    with connection.transaction():
        open_for_job(connection, "contact_tracing", purpose="contact_tracing", legal_basis=EPIDEMIC_LAW)
        row = connection.execute("SELECT access.tell_exposures()").fetchone()
    assert row is not None
    return int(row[0])


def send_waiting(
    connection: psycopg.Connection, *, push: Push, sms: MessageSender, now: datetime, most: int = 500
) -> int:
    """Tell everybody who has something new and asked to be told; returns how many. Nobody in quiet hours.

    `connection` is in autocommit: each person is noted as soon as they were told.
    """
    if is_quiet(now):
        return 0
    rows = connection.execute("SELECT * FROM access.people_to_notify(%s)", [most]).fetchall()
    for last, person, endpoints, subscriptions, chosen_phone, own_phone in rows:
        failed, gone = _push(push, endpoints, subscriptions, now)
        if len(failed) + len(gone) == len(subscriptions):
            _message(sms, chosen_phone, own_phone)
        connection.execute("SELECT access.note_notified(%s, %s, %s, %s)", [person, last, failed, gone])
    return len(rows)


def _push(
    push: Push, endpoints: Sequence[str], subscriptions: Sequence[int], now: datetime
) -> tuple[list[int], list[int]]:
    """(subscriptions that were not reached, those that are over)."""
    failed, gone = [], []
    for sealed, number in zip(endpoints, subscriptions, strict=True):
        try:
            push.send(sealer().unseal(sealed, ABOUT_ENDPOINT), now=now)
        except SubscriptionIsGone:
            gone.append(number)
        except NotDelivered:
            failed.append(number)
    return failed, gone


def _message(sms: MessageSender, chosen_phone: str | None, own_phone: str | None) -> None:
    """To the number the person chose, else to their own where it may be used; to nobody where there is neither."""
    try:
        if chosen_phone:
            sms.send(sealer().unseal(chosen_phone, ABOUT_PHONE), SMS)
        elif own_phone:
            sms.send(sealer().unseal(own_phone, _CONTACT), SMS)
    except MessageWasNotSent:
        return
