"""Document numbers and residences are corrected, one address and a child's fact pointed at, consents ended."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from integration.console.made_index import AN, BINH
from integration.rights.bench import WORDS, Bench
from integration.rights.test_asking_and_answering import refused_with
from integration.rights.test_pages import asks, citizen, plain_files, text_of

__all__ = ["plain_files"]
_TODAY = date(2026, 11, 28)
RIGHT = "001090000019"
HOME = "Số 5 phố Hàng Than, phường Phúc Xá, quận Ba Đình, Hà Nội"


def numbers_of(bench: Bench, person: UUID, system: str) -> list[tuple[str, bool]]:
    """(number, verified) as the person's own record shows it."""
    from pccovid.people.queries import own_identity

    with bench.own(person):
        identity = own_identity(person)
    assert identity is not None
    return [(one.value, one.is_verified) for one in identity.identifiers if one.system == system]


def unverified(bench: Bench) -> None:
    with bench.owner() as owner:
        owner.execute("UPDATE people_person SET is_identity_verified = false")
        owner.execute("UPDATE people_recordclaim SET id_verified = false")
        owner.execute("UPDATE people_identifier SET is_verified = false, verified_by = ''")


def corrected(bench: Bench, attribute: str, wanted: str) -> int:
    """Asked by An, proposed and agreed by two officers, carried out."""
    number = bench.asks(AN, "correction", "identity", attribute=attribute, wanted=wanted)
    bench.steps("police", number, AN, "acknowledge")
    bench.steps("police", number, AN, "propose", note=WORDS, decided=wanted)
    assert bench.steps("police-2", number, AN, "agree") == "granted"
    bench.works()
    return number


def test_a_wrong_number_gives_way_to_the_corrected_one_by_two_officers(own_bench: Bench) -> None:
    unverified(own_bench)
    for system, number in (
        ("personal_id", RIGHT),
        ("old_id", "012345678"),
        ("passport", "B1234567"),
        ("insurance_no", "0112345678"),
    ):
        asked = own_bench.asks(AN, "correction", "identity", attribute=system, wanted=number)
        own_bench.steps("police", asked, AN, "acknowledge")
        refused_with("PC453", lambda at=asked, of=number: own_bench.steps("police", at, AN, "grant", decided=of))
        own_bench.steps("police", asked, AN, "propose", note=WORDS, decided=number)
        assert own_bench.steps("police-2", asked, AN, "agree") == "granted"
        own_bench.works()
        assert own_bench.state(asked) == "fulfilled"
        assert numbers_of(own_bench, AN, system) == [(number, False)]
        assert number not in str(own_bench.rows("SELECT * FROM people_recordclaim WHERE system = 'correction'"))


def test_a_number_that_the_population_database_verified_stands_beside_a_correction(own_bench: Bench) -> None:
    with own_bench.owner() as owner:
        owner.execute("UPDATE people_recordclaim SET id_verified = true WHERE person_id = %s", [AN])
    before = [number for number, _ in numbers_of(own_bench, AN, "personal_id")]
    corrected(own_bench, "personal_id", RIGHT)
    assert {number for number, _ in numbers_of(own_bench, AN, "personal_id")} == {*before, RIGHT}


def test_another_persons_verified_number_is_refused_by_the_program_with_its_reason(own_bench: Bench) -> None:
    unverified(own_bench)
    with own_bench.owner() as owner:
        owner.execute(
            "UPDATE people_identifier SET is_verified = true, verified_by = 'vneid' WHERE person_id = %s"
            " AND system = 'personal_id'", [BINH],
        )  # fmt: skip
    ((binhs, _),) = numbers_of(own_bench, BINH, "personal_id")
    asked = corrected(own_bench, "personal_id", binhs)
    assert own_bench.state(asked) == "refused"
    assert own_bench.rows(
        "SELECT p.refusal FROM access.right_part p JOIN access.right_step s ON s.id = p.step_id"
        " WHERE s.request_id = %s",
        asked,
    ) == [("rights_of_others",)]
    assert binhs not in [number for number, _ in numbers_of(own_bench, AN, "personal_id")]


def test_a_corrected_residence_moves_the_person_to_the_offices_of_the_new_commune(own_bench: Bench) -> None:
    from pccovid.rights.values import normal_value

    wanted = normal_value("residence", HOME, today=_TODAY)
    assert normal_value("residence", wanted, today=_TODAY) == wanted
    with own_bench.owner() as owner:
        owner.execute("UPDATE people_person SET is_identity_verified = true")
    asked = corrected(own_bench, "residence", wanted)
    assert own_bench.state(asked) == "fulfilled"
    assert own_bench.rows(
        "SELECT commune_code, district_code, province_code, address FROM people_person WHERE id = %s", AN
    ) == [("00001", "001", "01", "Số 5 phố Hàng Than")]


@pytest.mark.parametrize(
    ("attribute", "value", "is_read"),
    [("personal_id", RIGHT, True), ("personal_id", "12345", False), ("old_id", "012 345 678", True),
     ("old_id", RIGHT, False), ("passport", "b 1234567", True),
     ("insurance_no", "DN4010112345678", True), ("insurance_no", "x", False), ("residence", HOME, True),
     ("residence", "đâu đó", False), ("residence", "Hà Nội", False)],
)  # fmt: skip
def test_numbers_and_addresses_are_read_as_people_write_them(
    bench: Bench, attribute: str, value: str, is_read: bool
) -> None:
    given = {"attribute": attribute, "value": value, "words": WORDS}
    answer = citizen(bench, AN).post("/quyen-cua-toi/sua-thong-tin", given)
    assert answer.status_code == (302 if is_read else 422)
    if is_read and attribute == "residence":
        page = text_of(citizen(bench, AN).get(answer.headers["Location"]))
        assert "Số 5 phố Hàng Than, Phường Phúc Xá" in page
        assert "00001" not in page


def test_one_wrong_address_goes_with_every_report_of_it_and_no_other(own_bench: Bench) -> None:
    with own_bench.owner() as owner:
        for system, line in (("ncovi", "Số 9 Phố Sai"), ("bluezone", "so 9 pho sai"), ("ncovi", "Số 1 Phố Đúng")):
            owner.execute(
                "INSERT INTO people_address (id, person_id, record_id, source_record_id, source_system, provenance,"
                " recorded_at, kind, commune_code, line) VALUES (gen_random_uuid(), %s, gen_random_uuid(),"
                " gen_random_uuid(), %s, 'self_declared', now(), 'residence', '00001', %s)",
                [AN, system, line],
            )
    person = citizen(own_bench, AN)
    listed = text_of(person.get("/quyen-cua-toi/muc-sai/my-addresses"))
    assert listed.count("Số 9 Phố Sai") + listed.count("so 9 pho sai") == 1
    (shown,) = [one for line in ("Số 9 Phố Sai", "so 9 pho sai") for one in _ids(own_bench, line) if one in listed]
    answer = person.post("/quyen-cua-toi/muc-sai/my-addresses", {"fact": shown, "words": WORDS})
    number = int(answer.headers["Location"].rpartition("/")[2])
    own_bench.grants("steward", number, AN, "grant")
    own_bench.works()
    assert own_bench.rows(
        "SELECT line FROM people_address WHERE person_id = %s AND line LIKE '%%ố%%' AND superseded_at IS NULL", AN
    ) == [("Số 1 Phố Đúng",)]
    assert own_bench.rows("SELECT superseded_at IS NULL FROM people_address WHERE line = 'so 9 pho sai'") == [(False,)]


def _ids(bench: Bench, line: str) -> list[str]:
    return [row[0] for row in bench.rows("SELECT id::text FROM people_address WHERE line = %s", line)]


def test_whoever_is_said_to_have_declared_for_one_can_be_said_not_to_and_ones_own_word_for_others_not(
    own_bench: Bench,
) -> None:
    make_guardian(own_bench)
    ((tie,),) = own_bench.rows("SELECT id::text FROM people_relationship WHERE person_id = %s", BINH)
    assert tie not in text_of(citizen(own_bench, AN).get("/quyen-cua-toi/muc-sai/my-family"))
    child = citizen(own_bench, BINH)
    assert tie in text_of(child.get("/ho-so/gia-dinh"))
    answer = child.post("/quyen-cua-toi/muc-sai/my-family", {"fact": tie, "words": WORDS})
    own_bench.grants("steward", int(answer.headers["Location"].rpartition("/")[2]), BINH, "grant")
    own_bench.works()
    assert own_bench.rows("SELECT superseded_at IS NULL FROM people_relationship WHERE id::text = %s", tie) == [
        (False,)
    ]


def test_a_guardian_points_at_one_fact_of_a_child(own_bench: Bench) -> None:
    make_guardian(own_bench)
    person = citizen(own_bench, AN)
    listed = text_of(person.get("/quyen-cua-toi/muc-sai/my-doses?cua=1"))
    (dose,) = own_bench.rows("SELECT id::text FROM vaccination_dose WHERE person_id = %s", BINH)[0]
    assert dose in listed
    assert dose not in text_of(person.get("/quyen-cua-toi/muc-sai/my-doses"))
    given = {"whose": "1", "fact": dose, "words": WORDS}
    answer = person.post("/quyen-cua-toi/muc-sai/my-doses", given)
    number = int(answer.headers["Location"].rpartition("/")[2])
    assert own_bench.rows("SELECT person_id, asked_by FROM access.right_request WHERE id = %s", number) == [(BINH, AN)]
    own_bench.grants("steward", number, BINH, "grant")
    own_bench.works()
    assert own_bench.rows("SELECT superseded_at IS NULL FROM vaccination_dose WHERE id::text = %s", dose) == [(False,)]


def test_nobody_but_a_guardian_points_at_the_facts_of_another(bench: Bench) -> None:
    person = citizen(bench, AN)
    (dose,) = bench.rows("SELECT id::text FROM vaccination_dose WHERE person_id = %s", BINH)[0]
    assert dose not in text_of(person.get("/quyen-cua-toi/muc-sai/my-doses?cua=1"))
    person.post("/quyen-cua-toi/muc-sai/my-doses", {"whose": "1", "fact": dose, "words": WORDS})
    assert bench.rows("SELECT count(*) FROM access.right_request") == [(0,)]


def make_guardian(bench: Bench) -> None:
    """An is the guardian of Bình, a child, by the population database's word."""
    with bench.owner() as owner:
        owner.execute("UPDATE people_person SET birth_date = current_date - 3000 WHERE id = %s", [BINH])
        owner.execute(
            "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
            " recorded_at, kind, other_system, other_kind, other_key, other_record_id) SELECT gen_random_uuid(), %s,"
            " b.record_id, b.source_record_id, 'vneid', 'official', now(), 'guardian', 'vneid', 'vneid', '1',"
            " a.record_id"
            " FROM people_recordclaim a, people_recordclaim b WHERE a.person_id = %s AND b.person_id = %s LIMIT 1",
            [BINH, AN, BINH],
        )


def test_a_granted_withdrawal_ends_every_consent_of_its_person(own_bench: Bench) -> None:
    given = consents_given(own_bench)
    assert given
    person = citizen(own_bench, AN)
    form = text_of(person.get("/quyen-cua-toi/rut-dong-y"))
    assert "/dong-y" in form
    assert all(title in form for title in given)
    number = asks(person, "rut-dong-y", categories=["vaccination"])
    assert own_bench.grants("protector", number, AN, "fulfil", granted=("vaccination",)) == "fulfilled"
    assert own_bench.rows(
        "SELECT count(*) FILTER (WHERE gives), count(*) FILTER (WHERE NOT gives) FROM access.consent_decision"
    ) == [(len(given), len(given))]
    assert "Rút lại ngay bằng một lần bấm" not in text_of(person.get("/quyen-cua-toi/rut-dong-y"))


def test_a_refused_withdrawal_ends_no_consent(own_bench: Bench) -> None:
    given = consents_given(own_bench)
    number = own_bench.asks(AN, "withdrawal", categories=("vaccination",))
    own_bench.grants("protector", number, AN, "refuse", refusal="epidemic_control")
    assert own_bench.rows("SELECT count(*) FROM access.consent_decision WHERE NOT gives") == [(0,)]
    assert given


def consents_given(bench: Bench) -> list[str]:
    """Titles of everything that may be agreed to, and An does."""
    from pccovid.consents.operations import give
    from pccovid.consents.queries import own_consents

    with bench.own(AN):
        offers: tuple[Any, ...] = own_consents(AN, language="vi")
        for offer in offers:
            give(person=AN, purpose=offer.purpose, version=offer.version, language="vi", digest=offer.digest)
    return [offer.title for offer in offers]
