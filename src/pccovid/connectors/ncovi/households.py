"""Takes an NCOVI line apart: the account without its household, then each member with what belongs to it.

A declaration goes to the record it is about, so that the record's hash covers it. What cannot be placed (a member
that is no object or has no id, a declaration about an unknown member) stays with the account.
"""

from __future__ import annotations

from collections.abc import Iterator

from pccovid.connectors.file_kinds import NestedRecord
from pccovid.connectors.json_values import JsonObject, JsonValue

ACCOUNT = "_account"
"""Member of a household member's record: the columns of its account that say where it lives and whose phone it is."""

_ACCOUNT_COLUMNS = ("accountId", "createdAt", "phone", "provinceCode", "districtCode", "communeCode", "address")


def split(line: JsonObject) -> Iterator[NestedRecord]:
    """The account's record first, then the members' in the order of the list."""
    if ACCOUNT in line:  # a member's record, replayed
        yield NestedRecord("memberId", line)
        return
    household, declarations = line.get("household"), line.get("declarations")
    members, others = _parted(household if isinstance(household, list) else [])
    of_member, own = _declarations(members, declarations if isinstance(declarations, list) else [])
    account = dict(line)
    if isinstance(household, list):
        account["household"] = others
    if isinstance(declarations, list):
        account["declarations"] = own
    yield NestedRecord("accountId", account)
    shared = {name: line[name] for name in _ACCOUNT_COLUMNS if name in line}
    for member in members:
        about = of_member[_key(member["memberId"])]
        yield NestedRecord("memberId", {**member, "declarations": about, ACCOUNT: shared})


def _parted(household: list[JsonValue]) -> tuple[list[JsonObject], list[JsonValue]]:
    members: list[JsonObject] = []
    others: list[JsonValue] = []
    for element in household:
        if isinstance(element, dict) and _key(element.get("memberId")):
            members.append(element)
        else:
            others.append(element)
    return members, others


def _declarations(
    members: list[JsonObject], declarations: list[JsonValue]
) -> tuple[dict[str, list[JsonValue]], list[JsonValue]]:
    of_member: dict[str, list[JsonValue]] = {_key(member["memberId"]): [] for member in members}
    own: list[JsonValue] = []
    for declaration in declarations:
        about = declaration.get("memberId") if isinstance(declaration, dict) else None
        of_member.get(_key(about), own).append(declaration)
    return of_member, own


def _key(value: JsonValue) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
