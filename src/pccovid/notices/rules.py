"""Quiet hours, which hosts a push may go to, and how a mass notice is counted. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta, timezone
from urllib.parse import urlsplit

VIET_NAM = timezone(timedelta(hours=7))
QUIET_FROM, QUIET_TO = time(21), time(7)
"""Nobody's phone rings between these; our own choice. What is made then goes out when they end."""
PUSH_HOSTS = (
    "fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", ".notify.windows.com",
)  # fmt: skip
"""Where browsers' push services live; a leading dot stands for any name below. Nothing is ever sent elsewhere."""
MOST_SUBSCRIPTIONS = 5
SHORTEST_TEXT, LONGEST_TEXT = 10, 300
COUNT_MAY_DIFFER = 0.1
"""How far the number of people may have moved between the dry run and the approval."""
LARGEST_FAILURES = 3
"""After so many refusals a subscription is forgotten."""


def is_quiet(now: datetime, begins: time = QUIET_FROM, ends: time = QUIET_TO) -> bool:
    """Whether phones are left alone at this moment, by the clocks of Viet Nam."""
    local = now.astimezone(VIET_NAM).time()
    if begins == ends:
        return False
    return begins <= local < ends if begins < ends else local >= begins or local < ends


def may_be_pushed_to(endpoint: str, hosts: Collection[str] = PUSH_HOSTS) -> bool:
    """Whether an endpoint that a browser names is a push service that we know, over https."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or port not in (None, 443) or parts.username or len(endpoint) > 1000:
        return False
    return any(host == known or (known.startswith(".") and host.endswith(known)) for known in hosts)


def count_still_holds(counted: int, now: int) -> bool:
    """Whether a dry run's number still says whom a mass notice would reach."""
    return abs(now - counted) <= max(counted * COUNT_MAY_DIFFER, 1)
