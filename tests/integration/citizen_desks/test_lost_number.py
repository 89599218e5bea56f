"""A lost number is replaced in person: card, proven new phone, two officers; and nothing less will do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from integration.citizen.visiting import Visitor
from integration.console.made_index import AN, Console

CARD = "001090000001||Nguyễn Văn An|17051990|Nam|Phúc Xá, Ba Đình, Hà Nội|01012021"
OTHER_CARD = "079190000002||Trần Thị Bình|17051990|Nữ|Phường 5, Sài Gòn|01012021"
NEW = "0977482915"


@pytest.fixture
def police(console: Console) -> Any:
    with console.owner() as owner:
        owner.execute("DELETE FROM access.rebinding; DELETE FROM accounts_signincode; DELETE FROM access.turn")
    return console.sign_in("police")


def proposed(police: Any, card: str = CARD, phone: str = NEW) -> str:
    answer = police.post("/can-bo/gan-lai-so", {"card": card, "phone": phone})
    assert answer.status_code == 302, re.findall(r'class="error".*?</p>', answer.text)
    return str(answer.headers["Location"])


def newest_code() -> str:
    from pccovid.accounts.sandbox_inbox import newest_messages

    found = re.search(r"\d{6}", newest_messages()[0].text)
    assert found
    return found.group()


def works(console: Console) -> int:
    from pccovid.rebinding.operations import carry_out

    with console.made.connect("jobs", autocommit=True) as jobs:
        return carry_out(jobs, now=datetime.now(UTC))


def opens(phone: str) -> bool:
    visitor = Visitor()
    visitor.proves(phone)
    return visitor.says_who("Nguyễn Văn An", date(1990, 5, 17)).status_code == 302


def test_card_new_phone_and_two_officers_bind_the_number_and_the_old_one_opens_nothing(
    console: Console, police: Any
) -> None:
    address = proposed(police)
    assert police.post(address, {"text": newest_code()}).status_code == 302
    assert works(console) == 0
    assert console.sign_in("station").post(address, {"text": CARD}).status_code == 302
    assert works(console) == 1
    assert "đã đổi số" in police.get(address).text
    assert opens(NEW)
    assert not opens("0912000001")
    number = address.rpartition("/")[2]
    assert {case for _role, case, _ in console.shown_to(AN)} >= {"Gắn lại số điện thoại", f"GL-{number}"}


def test_one_officer_alone_binds_nothing(console: Console, police: Any) -> None:
    address = proposed(police)
    police.post(address, {"text": newest_code()})
    assert police.post(address, {"text": CARD}).status_code == 422
    assert works(console) == 0


def test_without_the_code_of_the_new_phone_nobody_can_agree(console: Console, police: Any) -> None:
    address = proposed(police)
    assert police.post(address, {"text": "000000"}).status_code == 422
    assert console.sign_in("station").post(address, {"text": CARD}).status_code == 422
    assert works(console) == 0


def test_the_second_officer_must_hold_the_same_card(console: Console, police: Any) -> None:
    address = proposed(police)
    police.post(address, {"text": newest_code()})
    assert console.sign_in("station").post(address, {"text": OTHER_CARD}).status_code == 422
    assert works(console) == 0


@pytest.mark.parametrize("card", [
    OTHER_CARD, "001090000001||Nguyễn Văn Ân|17051991|Nam|x|01012021", "x",
    "001090029317|NGUYEN VAN AN|1990-05-17|0|162979388586171100|",
])  # fmt: skip
def test_a_card_that_fits_nobody_of_the_commune_is_refused(console: Console, police: Any, card: str) -> None:
    answer = police.post("/can-bo/gan-lai-so", {"card": card, "phone": NEW})
    assert answer.status_code == 422
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.rebinding").fetchone() == (0,)


def test_a_proposal_is_over_after_a_day_and_lies_sealed(console: Console, police: Any) -> None:
    address = proposed(police)
    police.post(address, {"text": newest_code()})
    with console.owner() as owner:
        ((card, phone),) = owner.execute("SELECT card::text, sealed_phone FROM access.rebinding").fetchall()
        owner.execute("UPDATE access.rebinding SET proposed_at = proposed_at - interval '25 hours'")
    assert NEW not in phone
    assert "001090000001" not in card
    assert console.sign_in("station").post(address, {"text": CARD}).status_code == 422


def test_officers_of_another_area_see_and_agree_to_nothing(console: Console, police: Any) -> None:
    address = proposed(police)
    police.post(address, {"text": newest_code()})
    far = console.sign_in("far-police")
    assert far.get(address).status_code == 404
    assert far.post(address, {"text": CARD}).status_code == 404
    assert far.post("/can-bo/gan-lai-so", {"card": CARD, "phone": NEW}).status_code == 422
