"""Messages in which anything may stand anywhere: every one is answered, none by a fault of ours; ledgers balance."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from integration.exchange.agencies import Agency, bundle, dose, patient, test_result
from integration.exchange.conftest import Exchange, Rows
from integration.exchange.laboratory import laboratory, result
from integration.exchange.test_laboratories import agreement, connection, key
from integration.exchange.test_treatment import admission, treating

__all__ = ["agreement", "connection", "key"]

_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**30, "", " ", "x", "\x01", "Ă" * 3_000, "2021", "2021-13-45", "0000-00-00",
    "9999-12-31", [], {}, [None], [[]], {"value": []}, "urn:uuid:1", "#x", "Patient/x", "http://[", "|", "a|b",
    "\u202eđảo", "\ud83d", "\U0001f469\u200d\u2695", "final", "260373001",
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value: the holder and the key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, one in list(pairs):
        yield value, at
        yield from places(one)


def mangled(message: dict[str, Any], chance: Random) -> dict[str, Any]:
    changed = copy.deepcopy(message)
    for _ in range(chance.randint(1, 3)):
        holder, at = chance.choice(list(places(changed)))
        act = chance.randrange(4)
        if act == 0:
            holder[at] = chance.choice(_ODD)
        elif act == 1 and isinstance(holder, dict):
            holder.pop(at)
        elif act == 2:
            holder[at] = [holder[at], copy.deepcopy(holder[at])]
        elif isinstance(holder, dict):
            holder[chance.choice(["id", "extension", "contained", "status", at])] = holder[at]
    return changed


def faults_of(agency: Agency, messages: list[dict[str, Any]], count: int, chance: Random) -> list[Any]:
    faults = []
    for _ in range(count):
        sent = mangled(chance.choice(messages), chance)
        answer = agency.post("", json.dumps(sent))
        if answer.status_code >= 500 or "resourceType" not in answer.json():
            faults.append((answer.status_code, sent))
    return faults


def hospital_of(exchange: Exchange, code: str) -> tuple[Agency, list[dict[str, Any]]]:
    every = ["identity", "vaccination", "test", "treatment"]
    agency = treating(exchange, code, categories=every, written=every)
    plain = (patient("M1", birthDate="1926-05-17"), dose("M1", "urn:uuid:1"), test_result("M1", "urn:uuid:1"))
    return agency, [bundle(*plain), bundle(*plain, kind="batch"), admission("M2")]


def balances(rows: Rows, system: str) -> bool:
    wrong = "SELECT count(*) FROM people_importfile WHERE system = %s AND received <> linked + new + held + rejected"
    return rows(wrong, system) == [(0,)]


def test_bundles_with_anything_anywhere_are_answered(exchange: Exchange, rows: Rows) -> None:
    agency, messages = hospital_of(exchange, "benh-vien-nham")
    assert faults_of(agency, messages, 40, Random(5)) == []
    assert balances(rows, "facility.benh-vien-nham")


@pytest.mark.slow
def test_many_bundles_with_anything_anywhere_are_answered(exchange: Exchange, rows: Rows) -> None:
    agency, messages = hospital_of(exchange, "benh-vien-nham-lau")
    assert faults_of(agency, messages, 800, Random(6)) == []
    assert balances(rows, "facility.benh-vien-nham-lau")


def test_hl7_messages_with_anything_anywhere_are_answered_and_not_as_a_fault_of_ours(
    exchange: Exchange, agreement: int, key: Any, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    chance = Random(7)
    base = result("G1", "G1", "G1", name="Lục^Thử^Nhầm").decode()
    odd = [
        "",
        "|",
        "^",
        "~",
        "&",
        "\\",
        "\r",
        "\n",
        "\x0c",
        "\\X\\",
        "\\X00\\",
        "\\.sp9\\",
        '""',
        "Ă" * 2_000,
        "PID|",
        "OBX|2|",
    ]
    codes = set()
    with laboratory(exchange, tmp_path) as lab:
        one = lab.connect(agreement, key)
        for _ in range(80):
            text = list(base)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(text))
                text[at : at + chance.randint(0, 6)] = chance.choice(odd)
            sent = "".join(text).encode()
            answer = one.send(sent)
            codes.update(line[3].split("^")[0] for line in answer if line[0] == "ERR")
            assert answer[1][0] == "MSA", sent
        one.socket.close()
    assert "207" not in codes, "a fault of ours"
    assert {"101", "102"} & codes, "some were refused by what is wrong with them"
