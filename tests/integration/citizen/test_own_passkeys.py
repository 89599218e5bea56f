"""Passkeys in the database: kept and shown inside one's own access alone, found by their own number, copied in vain."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor

_OPEN = "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])"
_ADD = "SELECT access.add_own_passkey(%s, 'public', %s, 'máy', NULL)"
NUMBER = bytes(range(16))


@pytest.fixture
def lan(index: Index, database: MadeDatabase) -> UUID:
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("DELETE FROM access.own_passkey")
    return index.person("Nguyễn Thị Lan", date(1990, 5, 17), "0912345678")


def in_own_access(database: MadeDatabase, person: UUID, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with database.connect("web") as web:
        web.execute(_OPEN, [str(person), person])
        return web.execute(statement, values).fetchall()


def test_whoever_has_the_key_is_found_and_a_copied_counter_opens_nothing(lan: UUID, database: MadeDatabase) -> None:
    ((key,),) = in_own_access(database, lan, _ADD, NUMBER, 4)
    with database.connect("web", autocommit=True) as web:
        ((found, person, *_),) = web.execute("SELECT * FROM access.passkey_signing_in(%s)", [NUMBER]).fetchall()
        assert (found, person) == (key, lan)
        assert web.execute("SELECT * FROM access.passkey_signing_in(%s)", [bytes(16)]).fetchall() == []
        used = [web.execute("SELECT access.use_own_passkey(%s, %s)", [key, n]).fetchone() for n in (5, 5, 3, 6)]
    assert used == [(True,), (False,), (False,), (True,)]


def test_nobody_else_sees_adds_or_removes_it(lan: UUID, index: Index, database: MadeDatabase) -> None:
    hoa = index.person("Trần Thị Hoa", date(1991, 1, 2))
    ((key,),) = in_own_access(database, lan, _ADD, NUMBER, 0)
    assert in_own_access(database, hoa, "SELECT * FROM access.own_passkeys()") == []
    assert in_own_access(database, hoa, "SELECT access.drop_own_passkey(%s)", key) == [(False,)]
    assert len(in_own_access(database, lan, "SELECT * FROM access.own_passkeys()")) == 1
    for statement, values in (
        ("SELECT * FROM access.own_passkeys()", ()), ("SELECT access.drop_own_passkey(%s)", (key,)),
        (_ADD, (bytes(17), 0)), ("SELECT * FROM access.own_passkey", ()),
    ):  # fmt: skip
        with database.connect("web") as web, pytest.raises(psycopg.Error) as refused:
            web.execute(statement, values)
        assert refused.value.sqlstate in ("PC441", "42501")


def test_five_are_the_most_and_one_key_is_nobody_elses(lan: UUID, index: Index, database: MadeDatabase) -> None:
    for number in range(5):
        in_own_access(database, lan, _ADD, bytes([number] * 16), 0)
    with pytest.raises(psycopg.Error) as sixth:
        in_own_access(database, lan, _ADD, bytes([9] * 16), 0)
    assert sixth.value.sqlstate == "PC443"
    with pytest.raises(psycopg.errors.UniqueViolation):
        in_own_access(database, index.person("Trần Thị Hoa", date(1991, 1, 2)), _ADD, bytes(16), 0)


def test_it_goes_with_its_person_through_a_merge(lan: UUID, index: Index, database: MadeDatabase) -> None:
    in_own_access(database, lan, _ADD, NUMBER, 0)
    other = index.person("Nguyễn Thị Lan", date(1990, 5, 17))
    with database.connect("owner", autocommit=True) as owner:
        owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [other, lan])
    with database.connect("web", autocommit=True) as web:
        ((_, person, *_),) = web.execute("SELECT * FROM access.passkey_signing_in(%s)", [NUMBER]).fetchall()
    assert person == other


@pytest.mark.parametrize("answer", ["", "{}", "null", "[1]", '{"id": "x", "rawId": "x"}', "x" * 30_000])
def test_what_is_no_answer_of_a_key_signs_nobody_in(lan: UUID, visitor: Visitor, answer: str) -> None:
    visitor.client.get("/dang-nhap/khoa", headers={"host": "localhost"})
    told = visitor.client.post("/dang-nhap/khoa", {"passkey": answer}, headers={"host": "localhost"})
    assert (told.status_code, "chưa được thêm" in told.text) == (422, True)
    assert visitor.client.get("/ho-so").status_code == 302
