"""Which share an answer belongs to, how a birth date is asked, what faults are ordered: pure rules."""

from __future__ import annotations

from datetime import date

import pytest

from pccovid.connectors.sandbox_server.faults import Faults, Order, read_orders
from pccovid.corrections.carrying_out import WHY
from pccovid.corrections.rules import IDENTITY, OF_PERSON, ValueUnreadable, read_values, values_of
from pccovid.identity_verification.rules import DISAGREEING, REFUSED, VERDICTS, WITHHELD, verdict_of, written_birth
from pccovid.linkage.verification import CODES


def test_every_code_belongs_to_one_of_four_shares() -> None:
    shares = {code: verdict_of(code) for code in (*CODES, REFUSED, WITHHELD)}
    assert shares == {
        "000": "agree", "060": "disagree", "061": "disagree", "070": "disagree", "205": "no_id",
        "050": "not_verifiable", "incomplete": "not_verifiable", "refused": "not_verifiable",
        "withheld": "not_verifiable",
    }  # fmt: skip
    assert set(shares.values()) == set(VERDICTS)
    assert set(WHY) == set(DISAGREEING), "each disagreement has words for the commune"


@pytest.mark.parametrize(
    ("day", "precision", "asked"),
    [
        (date(1990, 3, 5), "day", "1990-03-05"), (date(1990, 3, 1), "month", "1990-03"),
        (date(1990, 1, 1), "year", "1990"), (date(1990, 3, 5), None, "1990-03-05"), (None, None, ""),
    ],
)  # fmt: skip
def test_a_birth_date_is_asked_as_far_as_it_is_known(day: date | None, precision: str | None, asked: str) -> None:
    assert written_birth(day, precision) == asked


def test_what_a_station_writes_of_an_identity_is_read_or_refused() -> None:
    today = date(2021, 11, 1)
    typed = {"name": " Nguyễn  Văn Ân ", "birth_date": "18/05/1990", "personal_id": "001090000001", "other": "x"}
    assert read_values(OF_PERSON, typed, today=today, need_all=False) == {
        "name": "Nguyễn Văn Ân", "birth_date": "1990-05-18", "personal_id": "001090000001",
    }  # fmt: skip
    assert IDENTITY == "identity"
    assert [value.column for value in values_of(OF_PERSON)] == ["name", "birth_date", "personal_id"]
    for column, text in (("birth_date", "2021-11-02"), ("birth_date", "1899-12-31"), ("personal_id", "12345")):
        with pytest.raises(ValueUnreadable):
            read_values(OF_PERSON, {column: text}, today=today, need_all=False)


@pytest.mark.parametrize("content", [
    {}, [{}], [{"kind": "none"}], [{"kind": "slow", "share": 2}], [{"kind": "slow", "seconds": -1}],
    [{"kind": "slow", "more": 1}], ["slow"],
])  # fmt: skip
def test_an_order_of_faults_that_is_none_is_refused(content: object) -> None:
    with pytest.raises(ValueError, match="order of faults"):
        read_orders(content)


def test_a_fault_is_met_as_often_as_it_was_ordered() -> None:
    faults = Faults()
    faults.order([Order("down", times=2), Order("slow", share=0.0)])
    assert [sorted(faults.met()) for _ in range(4)] == [["down"], ["down"], [], []]
    assert faults.counts == {"asked": 4, "down": 2}
