"""Writing kinds and states, sending feedback, and the office's step. The database's functions check and refuse.

Refusals (`Refused.code`): PC421 the office is not held; PC441 not one's own; PC442 too few words; PC443 ten in a day;
PC445 no such kind; PC446 three photos; PC451 another office's; PC453 not now; PC454 too few words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from pccovid.areas.free_text import resolve
from pccovid.areas.place_names import name_key, split_kind
from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.feedback.rules import KINDS, TRANSITIONS, WORKING_DAYS
from pccovid.foundation.photos import as_text, taken
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call

ABOUT_PHOTO = "feedback_photo"
"""What sealed photos are sealed about."""


_COMMUNE_DIGITS = 5


def write_rules() -> None:
    """Fill kinds and states from the Python tables. As the owner, when a database is prepared."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO access.feedback_kind VALUES (%s, %s, %s) ON CONFLICT (code) DO UPDATE SET"
            " role = excluded.role, working_days = excluded.working_days",
            [(kind.code, kind.role, WORKING_DAYS) for kind in KINDS],
        )
        cursor.execute("DELETE FROM access.feedback_transition")
        cursor.executemany("INSERT INTO access.feedback_transition VALUES (%s, %s, %s)", TRANSITIONS)


def send(*, kind: str, place: str, words: str, photos: Sequence[bytes]) -> int:
    """Send what was seen; returns its number. Raises Refused, PhotoRefused.

    A place that names a commune routes it there; any other goes to where the person lives.
    """
    number = int(call("send_feedback", kind, commune_of(place), place, words))
    for photo in photos:
        call("add_feedback_photo", number, sealer().seal(as_text(taken(photo)), ABOUT_PHOTO))
    return number


def step(*, officer: int, through: int, feedback: int, act: str, told: str, note: str) -> str:
    """An office's step; returns the state it leads to. Raises Refused (PC421, PC451, PC453, PC454)."""
    return str(call("step_feedback", officer, through, feedback, act, told, note))


def commune_of(place: str) -> str | None:
    """The code of the commune that a written place names in the list of 2021, where it names its province as well.

    A single word like "chợ" is a commune somewhere: without the province it is not taken for one.
    """
    unit = resolve(place, on=LISTED_2021).unit if place.strip() else None
    if unit is None or len(unit.code) != _COMMUNE_DIGITS:
        return None
    province = registry().path(unit.code, on=LISTED_2021)[0]
    _kind, name = split_kind(province.name)
    return unit.code if name_key(name) in name_key(place) else None
