"""Which database this process talks to, and as whom."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pccovid.foundation.cluster import Cluster
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import OWNER, role_url, set_up_roles

ROLE_URL_VARIABLE = "PCCOVID_ROLE_URL"
"""The one connection this process (and its children) may use; it never holds the owner's for the web."""


@contextlib.contextmanager
def database_in_use(environment: Environment) -> Iterator[str]:
    """Give the owner's URL, with roles set up; starts the embedded cluster where no URL was configured."""
    with contextlib.ExitStack() as stack:
        url = environment.database_url or stack.enter_context(Cluster(environment.home).in_use())
        set_up_roles(url, environment.home)
        yield url


def act_as(role: str, owner_url: str, environment: Environment) -> str:
    """Make `role` the one this process connects as; returns its URL. Call before Django is set up."""
    url = role_url(owner_url, role, environment.home)
    os.environ[ROLE_URL_VARIABLE] = url
    return url


def django_database() -> dict[str, object]:
    """The DATABASES entry for the connection this process was given; unusable where it was given none."""
    parts = urlsplit(os.environ.get(ROLE_URL_VARIABLE, ""))
    return {
        "ENGINE": "pccovid.foundation.postgresql",
        "NAME": parts.path.lstrip("/") or "pccovid",
        "USER": unquote(parts.username or OWNER),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": parts.port or 5432,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Plans are kept for statements that ask for it (one_trip), from their first time on.
        "OPTIONS": {"prepare_threshold": 0},
    }
