"""A made nation linked by the batch, as an index to match single records against; no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pccovid.connectors.context import context_for
from pccovid.connectors.delivery import find
from pccovid.connectors.reading import read_file
from pccovid.linkage.claim import Claim
from pccovid.linkage.engine import Limits, link
from pccovid.linkage.one_record.matching import claims_table
from pccovid.linkage.one_record.nodes import Row
from pccovid.sandbox.nation import create

_SINGLE = ("personal_id", "old_id", "passport", "insurance_no", "phone", "qid")


def claims_of_a_nation(people: int, seed: int, folder: Path) -> list[Row]:
    """Every record of a made nation that claims something, read as the import reads it; the newest of each key."""
    create(people=people, seed=seed, out=folder)
    delivery = find(folder / "exports")
    context = context_for(delivery, today=date(2021, 11, 20), spill=folder / "spill")
    rows: dict[str, Row] = {}
    for file in delivery.files:
        for row in read_file(file, context=context):
            if row.claim is not None and row.key:
                record = f"{row.system}:{row.kind}:{row.key}"
                rows[record] = Row(record, None, Claim(*row.claim))
    return list(rows.values())


class SmallIndex:
    """Records with their persons, found by the keys of carry_over/sql/neighbours.sql and arrange.sql."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._standing: dict[object, list[Row]] = defaultdict(list)
        self._of_person: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            for key in set(_keys(row)):
                self._standing[key].append(row)
            if row.person is not None:
                self._of_person[row.person].append(row)

    def around(self, arriving: Row) -> list[Row]:
        """Everybody's records who share a key with the arriving one, or with a record of nobody that does."""
        held = {row.record: row for row in self._sharing(arriving) if row.person is None}
        persons = {row.person for one in (arriving, *held.values()) for row in self._sharing(one)} - {None}
        persons |= set(self._further(arriving, [row for person in persons for row in self._of_person[person]]))
        found = [row for person in sorted(persons) for row in self._of_person[person]] + list(held.values())
        return [row if not _reopens(arriving, row) else row._replace(person=None) for row in found]

    def _further(self, arriving: Row, found: list[Row]) -> Iterator[str]:
        """Persons under whose number the account's owner stands; namesakes behind another phone or in a house."""
        claim = arriving.claim
        if claim.name_sorted is None and claim.birth_date is None:
            owners = {row.person for row in found if row.record == claim.account}
            keys = {("personal_id", row.claim.personal_id) for row in found if row.person in owners}
        elif claim.birth_date is None and claim.phone is not None:
            fitting = [row.claim for row in found if row.claim.name_sorted == claim.name_sorted]
            keys = {("phone", one.phone) for one in fitting} | {
                ("name there", one.name_sorted, one.commune_code) for one in fitting if one.address and one.commune_code
            }
        else:
            return
        for key in keys:
            yield from (row.person for row in self._standing[key] if row.person is not None)

    def _sharing(self, row: Row) -> Iterator[Row]:
        for key in set(_keys(row)):
            yield from (other for other in self._standing[key] if other.record != row.record)


def _keys(row: Row) -> Iterator[object]:
    claim = row.claim
    yield from ((column, value) for column in _SINGLE if (value := getattr(claim, column)) is not None)
    yield "account", row.record
    if claim.account is not None:
        yield "account", claim.account
    for day in {claim.birth_date, claim.birth_swapped} - {None}:
        yield "name and birth", claim.name_sorted, day
    if claim.commune_code is not None:
        yield "name there", claim.name_sorted, claim.commune_code
        yield "birth there", claim.birth_date, claim.commune_code
    if claim.birth_date is not None:
        yield "name and year", claim.name_sorted, claim.birth_date.year


def _reopens(arriving: Row, row: Row) -> bool:
    mine, theirs = arriving.claim, row.claim
    numbers = (theirs.personal_id, theirs.old_id, theirs.passport, theirs.insurance_no, theirs.qid, theirs.account)
    says_more = mine.birth_date is not None or any((mine.personal_id, mine.old_id, mine.passport, mine.insurance_no))
    thin = theirs.birth_date is None and not any(numbers)
    return thin and says_more and mine.phone is not None and (mine.phone, mine.name_sorted) == (
        theirs.phone, theirs.name_sorted)  # fmt: skip


def linked_by_batch(rows: list[Row]) -> list[Row]:
    """The rows with the persons the batch finds; held ones stay nobody's."""
    assigned = link(claims_table(rows), limits=Limits(memory="800MB", threads=1)).assignments.to_pylist()
    person = {row["record"]: None if row["decision"] == "held" else f"p:{row['cluster']}" for row in assigned}
    return [row._replace(person=person[row.record]) for row in rows]
