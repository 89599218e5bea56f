"""The model that links what arrives: the last one that came into force, else the one that ships.

The history is written by the swap of an approved shadow alone (pccovid.relinking); the database refuses any other.
"""

from __future__ import annotations

import psycopg

from pccovid.linkage.model import Model, default_model, read_model

_IN_FORCE = """
    SELECT m.content FROM relinking_modelchange c LEFT JOIN relinking_model m ON m.print = c.model_print
    ORDER BY c.id DESC LIMIT 1"""


def model_in_force(connection: psycopg.Connection) -> Model:
    """The model by which records are linked today; as the jobs role."""
    row = connection.execute(_IN_FORCE).fetchone()
    return default_model() if row is None or row[0] is None else read_model(row[0])
