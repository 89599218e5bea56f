"""Carried facts on their way from staging into their feature's table, the same way for every kind."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from pccovid.carry_over.statements import stage_table
from pccovid.foundation.facts import StagedFact
from pccovid.people.sources import SOURCES, provenance_of

_PLACE = "place"


def publish_statements(run: int, facts: Iterable[StagedFact], now: object) -> Iterable[sql.Composed]:
    """For each kind of fact: end those of changed and held records, let others follow theirs, add the new ones."""
    for fact in facts:
        if fact.name == _PLACE:
            yield _publish_places(run, fact, now)
        else:
            yield _supersede(run, fact, now)
            yield _withdraw(fact, now)
            yield _restore(run, fact)
            yield _follow(fact)
            yield _insert(run, fact, now)


def _supersede(run: int, fact: StagedFact, now: object) -> sql.Composed:
    return sql.SQL(
        "UPDATE {table} f SET superseded_at = {now} FROM {incoming} i"
        " WHERE i.is_known AND f.record_id = i.record_id AND f.superseded_at IS NULL"
        "   AND f.source_record_id <> i.source_record_id"
    ).format(table=sql.Identifier(fact.table), now=sql.Literal(now), incoming=sql.SQL(stage_table(run, "incoming")))


def _withdraw(fact: StagedFact, now: object) -> sql.Composed:
    """A record that is held now, though it had a person, tells nobody anything."""
    return sql.SQL(
        "UPDATE {table} f SET superseded_at = {now} FROM decision d"
        " WHERE f.record_id = d.record_id AND d.person_id IS NULL AND d.person_before IS NOT NULL"
        "   AND f.superseded_at IS NULL"
    ).format(table=sql.Identifier(fact.table), now=sql.Literal(now))


def _restore(run: int, fact: StagedFact) -> sql.Composed:
    """A record that was held finds a person again: its facts stand again."""
    return sql.SQL(
        "UPDATE {table} f SET superseded_at = NULL, person_id = d.person_id FROM {incoming} i JOIN decision d"
        " USING (record_id) WHERE i.is_known AND i.person_known IS NULL AND d.person_id IS NOT NULL"
        "   AND f.record_id = i.record_id AND f.source_record_id = i.source_record_id"
        "   AND f.superseded_at IS NOT NULL"
    ).format(table=sql.Identifier(fact.table), incoming=sql.SQL(stage_table(run, "incoming")))


def _follow(fact: StagedFact) -> sql.Composed:
    return sql.SQL(
        "UPDATE {table} f SET person_id = d.person_id FROM decision d"
        " WHERE f.record_id = d.record_id AND d.is_known AND d.person_id IS NOT NULL AND f.person_id <> d.person_id"
    ).format(table=sql.Identifier(fact.table))


def _insert(run: int, fact: StagedFact, now: object) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, fact.columns))
    values = sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in fact.columns)
    extra_names, extra_values, join = sql.SQL(""), sql.SQL(""), sql.SQL("")
    if fact.name == "relationship":
        extra_names = sql.SQL(", other_record_id")
        extra_values = sql.SQL(", md5(f.other_system || ':' || f.other_kind || ':' || f.other_key)::uuid")
    return sql.SQL(
        "INSERT INTO {table} AS old (id, person_id, record_id, source_record_id, source_system, provenance,"
        "  recorded_at, {names}{extra_names})"
        " SELECT md5(i.source_record_id::text || {kind} || f.position)::uuid, d.person_id, i.record_id,"
        "  i.source_record_id, r.system, {provenance}, {now}, {values}{extra_values}"
        " FROM {staged} f JOIN {incoming} i USING (file_no, row_no) JOIN {row} r USING (file_no, row_no)"
        "  JOIN decision d ON d.record_id = i.record_id {join}"
        " WHERE d.person_id IS NOT NULL"
        # The same version of a row may read better than it did: a code list has come since.
        " ON CONFLICT (id) DO UPDATE SET {updates} WHERE ({stored}) IS DISTINCT FROM ({read})"
    ).format(
        updates=_each(fact, "{0} = excluded.{0}"), stored=_each(fact, "old.{}"), read=_each(fact, "excluded.{}"),
        table=sql.Identifier(fact.table), names=names, values=values, kind=sql.Literal(f"/{fact.name}/"),
        extra_names=extra_names, extra_values=extra_values, join=join, now=sql.Literal(now),
        provenance=_provenance_case(fact), staged=sql.SQL(stage_table(run, fact.name)),
        incoming=sql.SQL(stage_table(run, "incoming")), row=sql.SQL(stage_table(run, "row")),
    )  # fmt: skip


def _each(fact: StagedFact, form: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(form).format(sql.Identifier(name)) for name in fact.columns)


def _provenance_case(fact: StagedFact) -> sql.Composed:
    branches = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(system), sql.Literal(provenance_of(system, fact.name)))
        for system in SOURCES
    )
    return sql.SQL("CASE r.system {} ELSE 'self_declared' END").format(branches)


def _publish_places(run: int, fact: StagedFact, now: object) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, fact.columns))
    values = sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in fact.columns)
    updates = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in (*fact.columns, "source_record_id")
    )
    return sql.SQL(
        "INSERT INTO {table} (id, record_id, source_record_id, recorded_at, {names})"
        " SELECT i.record_id, i.record_id, i.source_record_id, {now}, {values}"
        " FROM {staged} f JOIN {incoming} i USING (file_no, row_no)"
        " ON CONFLICT (record_id) DO UPDATE SET {updates}"
    ).format(
        table=sql.Identifier(fact.table), names=names, values=values, now=sql.Literal(now), updates=updates,
        staged=sql.SQL(stage_table(run, fact.name)), incoming=sql.SQL(stage_table(run, "incoming")),
    )  # fmt: skip
