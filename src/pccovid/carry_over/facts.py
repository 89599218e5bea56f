"""Carried facts on their way from staging into their feature's table, the same way for every kind."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from pccovid.carry_over.statements import stage_table
from pccovid.foundation.facts import StagedFact
from pccovid.people.sources import AGENCY_STANDINGS, SOURCES, provenance_of

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
            if fact.by_day:
                yield _move(run, fact)
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


def _move(run: int, fact: StagedFact) -> sql.Composed:
    """A fact that reads as of another day than it did lies in another partition: it moves, and leaves no double."""
    return sql.SQL(
        "UPDATE {table} old SET day = {day}, {updates} FROM {staged} f JOIN {incoming} i USING (file_no, row_no)"
        "  JOIN decision d ON d.record_id = i.record_id"
        " WHERE d.person_id IS NOT NULL AND old.record_id = i.record_id AND old.id = {id} AND old.day <> {day}"
    ).format(
        table=sql.Identifier(fact.table), day=day_of(fact, sql.SQL("old.recorded_at")), id=fact_id(fact),
        updates=_each(fact, "{0} = f.{0}"), **_staged(run, fact),
    )  # fmt: skip


def _insert(run: int, fact: StagedFact, now: object) -> sql.Composed:
    names: dict[str, sql.Composable] = {name: sql.SQL("f.{}").format(sql.Identifier(name)) for name in fact.columns}
    recorded: sql.Composable = sql.Literal(now)
    key, join = sql.SQL("id"), sql.Composed([])
    if fact.name == "relationship":
        names["other_record_id"] = sql.SQL("md5(f.other_system || ':' || f.other_kind || ':' || f.other_key)::uuid")
    if fact.by_day:
        recorded, key = sql.SQL("coalesce(k.recorded_at, {})").format(sql.Literal(now)), sql.SQL("id, day")
        names["day"] = day_of(fact, recorded)
        # Its day depends on when it was received first, if it was.
        join = sql.SQL(" LEFT JOIN {} k ON k.record_id = i.record_id AND k.id = {}").format(
            sql.Identifier(fact.table), fact_id(fact)
        )
    return sql.SQL(
        "INSERT INTO {table} AS old (id, person_id, record_id, source_record_id, source_system, provenance,"
        "  recorded_at, {names})"
        " SELECT {id}, d.person_id, i.record_id, i.source_record_id, r.system, {provenance}, {recorded}, {values}"
        " FROM {staged} f JOIN {incoming} i USING (file_no, row_no) JOIN {row} r USING (file_no, row_no)"
        "  JOIN decision d ON d.record_id = i.record_id {join}"
        " WHERE d.person_id IS NOT NULL"
        # The same version of a row may read better than it did: a code list has come since.
        " ON CONFLICT ({key}) DO UPDATE SET {updates} WHERE ({stored}) IS DISTINCT FROM ({read})"
    ).format(
        updates=_each(fact, "{0} = excluded.{0}"), stored=_each(fact, "old.{}"), read=_each(fact, "excluded.{}"),
        table=sql.Identifier(fact.table), names=sql.SQL(", ").join(map(sql.Identifier, names)), id=fact_id(fact),
        values=sql.SQL(", ").join(names.values()), join=join, key=key, recorded=recorded,
        provenance=_provenance_case(fact), row=sql.SQL(stage_table(run, "row")), **_staged(run, fact),
    )  # fmt: skip


def fact_id(fact: StagedFact) -> sql.Composed:
    """The id of the staged fact `f` of the incoming record `i`."""
    return sql.SQL("md5(i.source_record_id::text || {} || f.position)::uuid").format(sql.Literal(f"/{fact.name}/"))


def day_of(fact: StagedFact, recorded: sql.Composable) -> sql.Composed:
    """The day whose partition the staged fact `f` belongs to, if it was received at `recorded`."""
    moments = sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in fact.by_day)
    return sql.SQL("access.movement_day(coalesce({}), {})").format(moments, recorded)


def _staged(run: int, fact: StagedFact) -> dict[str, sql.SQL]:
    return {"staged": sql.SQL(stage_table(run, fact.name)), "incoming": sql.SQL(stage_table(run, "incoming"))}


def _each(fact: StagedFact, form: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(form).format(sql.Identifier(name)) for name in fact.columns)


def _provenance_case(fact: StagedFact) -> sql.Composed:
    branches = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(system), sql.Literal(provenance_of(system, fact.name)))
        for system in SOURCES
    )
    of_agencies = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(standing), sql.Literal(provenance))
        for standing, (_, provenance) in AGENCY_STANDINGS.items()
    )
    return sql.SQL("CASE r.system {} ELSE CASE split_part(r.system, '.', 1) {} ELSE 'self_declared' END END").format(
        branches, of_agencies
    )


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
