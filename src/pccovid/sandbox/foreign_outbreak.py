"""Somebody else's outbreak: a line list and with it contacts, routes or visits, in whatever columns and dates they are.

Files are known by their columns, rows that say too little are counted and left out, never guessed. What was understood
is told in an account, since recall that rests on half of the rows means little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pccovid.sandbox.foreign_account import Account, ForeignTable
from pccovid.sandbox.foreign_columns import value
from pccovid.sandbox.foreign_gathered import Gathered
from pccovid.sandbox.foreign_kinds import kind_of
from pccovid.sandbox.foreign_names import normal
from pccovid.sandbox.foreign_people import name_of
from pccovid.sandbox.foreign_rows import NOBODY, READERS, RowReader, pair_of_contact
from pccovid.sandbox.foreign_tables import Sheet, Unread, sheets_in
from pccovid.sandbox.outbreak_files import Outbreak, OutbreakIsUnreadable

DAY_ZERO = date(2021, 10, 4)
_DECLARED = re.compile("declared|declarad|khaibao|recalled|nominat")
_FOR_WANT = "pairs, for want of others"
_BY_ILLNESS = "pairs, for want of others: related cases, who fell ill first for the infector"


class Foreign(NamedTuple):
    """The outbreak as understood, and how each file was. `has_truth`: it says who infected whom."""

    outbreak: Outbreak
    accounts: tuple[Account, ...]
    has_truth: bool


def read_foreign(folder: Path, *, day_zero: date = DAY_ZERO) -> Foreign:
    """Everything understood of the tables in `folder`. Raises OutbreakIsUnreadable where nobody was tested or fell ill.

    `day_zero`: which day 0 is, where days are bare numbers.
    """
    files = list(sheets_in(folder))
    tables = [ForeignTable(one, day_zero) for one in files if isinstance(one, Sheet)]
    kinds = [(kind_of(one), one) for one in tables]
    gathered = Gathered()
    _know(kinds, gathered)
    _tell_apart([one for kind, one in kinds if kind == "contacts"])
    accounts = [_taken(one, kind, READERS[kind], gathered) for kind in READERS for its, one in kinds if its == kind]
    accounts += _for_want(kinds, gathered)
    if astray := gathered.drop_astray():
        accounts.append(_account("all files", "specimens", {"a date more than two years from the others": astray}))
    accounts += _unknown(kinds, files)
    if not any(gathered.specimens.values()):
        raise OutbreakIsUnreadable(_too_little(folder, accounts))
    return Foreign(gathered.outbreak(), tuple(accounts), gathered.says_who())


def _know(kinds: Sequence[tuple[str | None, ForeignTable]], gathered: Gathered) -> None:
    """Everybody of line lists and households, by the number that is surest, with what else they are called."""
    for kind, table in kinds:
        columns = table.columns.all_of("person") if kind in {"line list", "people"} else []
        for row in table.rows:
            told = [name_of(value(row, column)) for column in columns]
            if told and told[0]:
                gathered.people.add(told[0], told[1:])


def _tell_apart(contacts: Sequence[ForeignTable]) -> None:
    """A table named after what was declared is what was heard; any other beside it is then what was."""
    said = [one for one in contacts if _DECLARED.search(normal(one.name))]
    for one in contacts if said else ():
        one.is_said = one in said
        one.is_true = not one.is_said


def _taken(table: ForeignTable, taken_for: str, reader: RowReader, into: Gathered) -> Account:
    """Read every row, and tell how it went; the table is then as if unread."""
    taken = sum(reader(table, row, into) for row in table.rows)
    column = table.used.get("infector")
    if column and table.noted[NOBODY] == sum(bool(value(row, column)) for row in table.rows):
        del table.noted[NOBODY], table.used["infector"]  # it is something else, if it holds anything
    return table.account(taken_for, taken)


def _for_want(kinds: Sequence[tuple[str | None, ForeignTable]], gathered: Gathered) -> list[Account]:
    """Where nothing says who infected whom: cases who met or are related. Then nobody has declared anything, for what
    is the truth to compare with is no longer what was heard."""
    if gathered.says_who():
        return []
    met = [one for its, one in kinds if its == "contacts"]
    accounts = [_taken(one, _FOR_WANT, pair_of_contact, gathered) for one in met]
    if related := gathered.pairs_of_linked():
        accounts.append(Account("line lists", _BY_ILLNESS, {}, related, {}))
    if gathered.says_who():
        gathered.declared.clear()
    return accounts


def _unknown(kinds: Sequence[tuple[str | None, ForeignTable]], files: Sequence[Sheet | Unread]) -> list[Account]:
    tables = [
        Account(one.name, "nothing", {}, 0, {"columns not understood": len(one.rows)}, unused=one.headers)
        for kind, one in kinds if kind is None
    ]  # fmt: skip
    return tables + [_account(one.name, "nothing", {one.why: 1}) for one in files if isinstance(one, Unread)]


def _account(name: str, taken_for: str, left_out: dict[str, int]) -> Account:
    return Account(name, taken_for, {}, 0, left_out)


def _too_little(folder: Path, accounts: Sequence[Account]) -> str:
    found = "; ".join(
        f"{one.file} as {one.taken_for}, {one.rows} rows"
        + "".join(f", {count} left out: {why}" for why, count in one.left_out.items())
        for one in accounts
    )
    needed = "a line list with a person and a date of test, report or onset is needed"
    return f"{folder}: {needed}; found: {found or 'no file'}"
