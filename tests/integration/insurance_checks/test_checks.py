"""Cards as the insurer tells of them: in the person's record, asked about once, and only for whom it is their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Lock
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.connectors.agency_process import AgencyProcess, register_file
from integration.identity_verification.unverified import add_unverified, derive_all
from pccovid.connectors.population_database.register import Entry
from sealed_rows import hash_of, seals_of

MODULE = "pccovid.connectors.social_insurance.sandbox_server"
CLERK = Entry("001080000001", None, "Lê Thị Hỏi", "1980-01-02", "female", "00001")
NURSE = Entry("001080000002", None, "Trần Văn Khám", "1980-01-02", "male", "00001")
PEOPLE = {
    "renewed": ("Nguyễn Thị Thẻ", "1990-03-05", "001190000051", "0150000051"),
    "over": ("Ngô Văn Hết", "1990-03-06", "001090000052", "0150000052"),
    "misnamed": ("Đỗ Văn Sai", "1990-03-07", "001090000053", "0150000053"),
    "unknown": ("Bùi Thị Lạ", "1990-03-08", "001190000054", "0150000054"),
}


class Insured(NamedTuple):
    """One database and one insurer for the file."""

    made: MadeDatabase
    owner: psycopg.Connection
    server: AgencyProcess
    persons: dict[str, UUID]


@pytest.fixture(scope="module")
def insured(prepared_url: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Insured]:
    from django.db import connections

    made = database_from(prepared_url, home)
    use_in_django(made, "web")
    known = [Entry(number, None, name, birth, None, "00001", card) for name, birth, number, card in PEOPLE.values()]
    known[2] = known[2]._replace(name="Đỗ Văn Đúng")
    server = AgencyProcess(MODULE, register_file(tmp_path_factory.mktemp("insurer"), [CLERK, NURSE, *known[:3]]))
    with made.connect("owner", autocommit=True) as owner:
        persons = {}
        for place, (who, (name, birth, number, card)) in enumerate(PEOPLE.items(), start=1):
            persons[who] = add_unverified(owner, place, name, birth, number)
            owner.execute(
                "UPDATE people_recordclaim SET insurance_no = %s, sealed = %s WHERE person_id = %s",
                [hash_of(card, "insurance_no"), seals_of(personal_id=number, insurance_no=card), persons[who]],
            )
        derive_all(owner)
        yield Insured(made, owner, server, persons)
    server.stop()
    connections["default"].close()


def checks(
    c: Insured, *, only_wished: bool = False, older_than: timedelta = timedelta(days=1),
    through: Callable[[Any], Any] = lambda insurer: insurer, sleep: Callable[[float], None] = lambda _: None,
    per_second: float = 10_000,
) -> Any:  # fmt: skip
    from pccovid.connectors.calling import Line
    from pccovid.connectors.social_insurance.client import SocialInsurance
    from pccovid.connectors.social_insurance.payloads import Officer
    from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT
    from pccovid.insurance_checks.operations import Asking, check_due

    insurer = SocialInsurance(Line(c.server.url, seconds=2, plain_http=True), SANDBOX_ACCOUNT)
    around = Asking(
        through(insurer), Officer(CLERK.name, CLERK.personal_id), per_second, lambda: datetime.now(UTC), sleep
    )
    with c.made.connect("jobs", autocommit=True) as jobs:
        return check_due(jobs, around, older_than=older_than, most=50, only_wished=only_wished)


class MeetingInsurer:
    """The insurer, but the second question is answered when a third is under way, and the other way round."""

    def __init__(self, insurer: Any) -> None:
        self._insurer, self._meeting, self._lock = insurer, Barrier(2, timeout=30), Lock()
        self.begun = self.under_way = self.most = 0

    def look_up(self, question: Any, *, officer: Any) -> Any:
        with self._lock:
            self.begun, self.under_way = self.begun + 1, self.under_way + 1
            self.most, place = max(self.most, self.under_way), self.begun
        try:
            if place in (2, 3):
                self._meeting.wait()
            return self._insurer.look_up(question, officer=officer)
        finally:
            with self._lock:
                self.under_way -= 1


def forget_tries(c: Insured) -> None:
    """Let a minute have passed since anybody was asked about, and ten since they wished it."""
    c.owner.execute("UPDATE access.insurance_check SET tried_at = tried_at - interval '2 minutes',"
                    " wished_at = wished_at - interval '11 minutes'")  # fmt: skip


def own_card(c: Insured, who: str) -> Any:
    from pccovid.foundation import access
    from pccovid.foundation.purposes import OWN_RIGHT
    from pccovid.insurance.queries import OWN_CARDS

    person = c.persons[who]
    (cards,) = access.open_and_read(
        access.citizen(person), [OWN_CARDS], of=person, purpose="own_record", legal_basis=OWN_RIGHT,
        scope=access.own(person),
    )  # fmt: skip
    return cards[0] if cards else None


def test_1_everybody_with_a_card_is_asked_about_once_and_cards_stand_in_their_records(insured: Insured) -> None:
    c = insured
    c.server.post("/sandbox/cards", {"insuranceNo": "0150000052", "code": "010"})
    done = checks(c)
    assert (done.answered, done.written, done.unanswered) == (4, 2, 0)
    assert checks(c).answered == 0, "nobody is due again"
    card = own_card(c, "renewed")
    assert (card.state, card.valid_to, card.insurance_no) == ("valid", date(2021, 12, 31), "0150000051")
    assert own_card(c, "over").state == "over"
    assert own_card(c, "misnamed") is own_card(c, "unknown") is None
    codes = dict(c.owner.execute("SELECT person_id, code FROM access.insurance_check").fetchall())
    assert [codes[c.persons[who]] for who in ("renewed", "over", "misnamed", "unknown")] == ["000", "010", "060", "050"]


def test_2_a_renewed_card_takes_the_place_of_the_old_one_and_tells_who_looked_it_up(insured: Insured) -> None:
    from pccovid.connectors.calling import Line
    from pccovid.connectors.social_insurance.client import SocialInsurance
    from pccovid.connectors.social_insurance.payloads import Officer, Question
    from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT

    c = insured
    c.server.post("/sandbox/cards", {"insuranceNo": "0150000051", "code": "003"})
    asked = Question("0150000051", PEOPLE["renewed"][0], "05/03/1990")
    SocialInsurance(Line(c.server.url, plain_http=True), SANDBOX_ACCOUNT).look_up(
        asked, officer=Officer(NURSE.name, NURSE.personal_id)
    )
    forget_tries(c)
    assert checks(c, older_than=timedelta(0)).written == 1
    card = own_card(c, "renewed")
    assert (card.state, card.valid_to, card.origin.provenance) == ("replaced", date(2022, 12, 31), "official")
    assert [NURSE.name in told for told in card.look_ups] == [True], "our own look-ups stand in our own log"
    standing = c.owner.execute(
        "SELECT count(*) FILTER (WHERE superseded_at IS NULL), count(*) FROM insurance_card WHERE person_id = %s",
        [c.persons["renewed"]],
    ).fetchone()
    assert standing == (1, 2)
    read = c.owner.execute(
        "SELECT count(*) FROM access.disclosure d JOIN access.log l ON l.id = d.log_id"
        " WHERE l.purpose = 'insurance_check' AND d.person_id = %s", [c.persons["renewed"]],
    ).fetchone()  # fmt: skip
    assert read is not None
    assert read[0] >= 2


def test_3_who_wishes_it_is_asked_about_at_once_and_only_about_themselves(insured: Insured) -> None:
    from pccovid.foundation import access
    from pccovid.foundation.purposes import OWN_RIGHT
    from pccovid.insurance_checks.operations import wish_check
    from pccovid.officers.database import Refused

    c = insured
    forget_tries(c)
    person = c.persons["over"]
    opening = {"purpose": "own_record", "legal_basis": OWN_RIGHT, "scope": access.own(person)}
    with access.open(access.citizen(person), **opening):
        assert wish_check(person=person)
        assert not wish_check(person=person), "not again for ten minutes"
    with pytest.raises(Refused), access.open(access.citizen(person), **opening):
        wish_check(person=c.persons["renewed"])
    assert checks(c, only_wished=True).answered == 1


def test_4_an_insurer_that_fails_is_left_alone_and_nobody_is_forgotten(insured: Insured) -> None:
    c = insured
    forget_tries(c)
    c.server.order({"kind": "drift", "times": 1}, {"kind": "error", "times": 3})
    first = checks(c, older_than=timedelta(0))
    assert first.answered + first.unanswered <= 4
    assert first.unanswered >= 1
    c.server.kill()
    c.owner.execute("UPDATE access.insurance_check SET tried_at = NULL")
    assert checks(c, older_than=timedelta(0)).unanswered == 3, "it is not asked for everybody"
    c.server.start(c.server.port)
    c.owner.execute("UPDATE access.insurance_check SET tried_at = NULL")
    assert checks(c, older_than=timedelta(0)).answered == 4
    assert c.owner.execute(
        "SELECT count(*) FROM insurance_card WHERE superseded_at IS NULL AND source_system = 'insurer'"
    ).fetchone() == (2,)


def test_5_a_few_questions_are_under_way_at_once_the_first_alone_and_each_in_its_turn(insured: Insured) -> None:
    c = insured
    forget_tries(c)
    met: list[MeetingInsurer] = []
    waited: list[float] = []
    done = checks(
        c, older_than=timedelta(0), through=lambda insurer: met.append(MeetingInsurer(insurer)) or met[0],
        sleep=waited.append, per_second=0.01,
    )  # fmt: skip
    assert (done.answered, done.unanswered) == (4, 0)
    assert met[0].most in (2, 3), "one alone first, then one more with each answer"
    turns = sorted(waited)
    assert all(later - earlier > 90 for earlier, later in zip(turns, turns[1:], strict=False)), "a turn each 100 s"
