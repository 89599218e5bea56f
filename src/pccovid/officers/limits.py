"""Turns that officers may take, counted in the database so that all workers count together."""

from __future__ import annotations

from pccovid.officers.database import call
from pccovid.officers.rules import LOOK_UPS_A_DAY, LOOK_UPS_QUICK, Limit


class TooManyTurns(RuntimeError):
    """No turn is free; `seconds` until one is."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


def take_turn(limit: Limit, key: str) -> None:
    """Take one turn, at once counted. Raises TooManyTurns; a refused try is not counted."""
    wait = call("take_turn", limit.kind, key, limit.allowed, limit.within)
    if wait:
        raise TooManyTurns(wait)


def forget_turns(limit: Limit, key: str) -> None:
    """Give all turns of this key back."""
    call("forget_turns", limit.kind, key)


def count_look_up(officer: int) -> None:
    """Count one search for persons by this officer. Raises TooManyTurns."""
    take_turn(LOOK_UPS_QUICK, str(officer))
    take_turn(LOOK_UPS_A_DAY, str(officer))
