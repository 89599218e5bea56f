"""The model that links what arrives: the last one that came into force, else the one that ships.

The history is written by the swap of an approved shadow alone (pccovid.relinking); the database refuses any other.
"""

from __future__ import annotations

from functools import lru_cache

import psycopg

from pccovid.linkage.model import Model, default_model, read_model

_IN_FORCE = b"""
    SELECT m.content FROM relinking_modelchange c LEFT JOIN relinking_model m ON m.print = c.model_print
    ORDER BY c.id DESC LIMIT 1"""


def model_in_force(connection: psycopg.Connection) -> Model:
    """The model by which records are linked today; as the jobs role."""
    return model_told(ask_for_model(connection))


def ask_for_model(connection: psycopg.Connection) -> psycopg.Cursor[tuple[str | None]]:
    """The question of which model is in force; in a pipeline nothing is waited for."""
    return connection.execute(_IN_FORCE, prepare=True)


def model_told(asked: psycopg.Cursor[tuple[str | None]]) -> Model:
    """The model that the answer to that question names."""
    row = asked.fetchone()
    return default_model() if row is None or row[0] is None else _read(row[0])


@lru_cache(maxsize=2)
def _read(text: str) -> Model:
    """Read once, for every message asks which model is in force."""
    return read_model(text)
