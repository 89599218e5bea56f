"""What an import would answer for one record that comes alone: its own SQL and linkage, on made staging tables."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql
from pyarrow import parquet

from pccovid.carry_over.linking import export_claims, ruled
from pccovid.carry_over.models_in_force import model_in_force
from pccovid.carry_over.statements import CLAIM_FIELDS, script
from pccovid.linkage.engine import Limits, link

RUN = 900


def take_out(connection: psycopg.Connection, record: str) -> None:
    """Stage the record and every held one as a delivery would have them, and forget the record in the index."""
    connection.execute(script("create", RUN))
    names = sql.SQL(", ").join(map(sql.Identifier, CLAIM_FIELDS))
    connection.execute(
        sql.SQL("""
            INSERT INTO staging.r{0}_row (file_no, row_no, system, kind, key, record, record_id, payload, content_hash,
                                          verdict, reason, has_claim, {1}, sealed)
            SELECT 0, row_number() OVER (ORDER BY record), system, kind, record, record, record_id, '', content_hash,
                   'accepted', '', true, {1}, sealed
            FROM people_recordclaim WHERE record = %s OR (person_id IS NULL AND NOT is_about_nobody)
            """).format(sql.SQL(str(RUN)), names),
        [record],
    )
    connection.execute("DELETE FROM people_recordclaim WHERE record = %s", [record])


def answer_of_an_import(connection: psycopg.Connection, record: str, work: Path) -> dict[str, object]:
    """The linkage's line for the staged record."""
    model = model_in_force(connection)
    connection.execute(script("arrange", RUN, with_all_held=False, model=model.version))
    connection.execute(script("neighbours", RUN))
    claims = export_claims(connection, script("claims", RUN), work / "claims.parquet", "500MB")
    outcome = link(parquet.read_table(claims), decisions=ruled(connection), model=model, limits=Limits("500MB", 1))
    (line,) = [row for row in outcome.assignments.to_pylist() if row["record"] == record]
    return line
