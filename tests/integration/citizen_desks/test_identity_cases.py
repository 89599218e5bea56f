"""An identity that the population database does not agree with: commune's station, commune's police, program."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from integration.citizen_desks.test_repair_chain import state, steps, works
from integration.console.made_index import AN, BINH, Console
from integration.security.people_in_sight import citizen_browser
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW


@pytest.fixture
def case(console: Console) -> int:
    """A case of An's, opened as a campaign opens it."""
    from pccovid.corrections.carrying_out import open_identity_cases

    with console.owner() as owner:
        for table in ("correction_notice", "correction_photo", "correction_value", "correction_step", "correction"):
            owner.execute(f"ALTER TABLE access.{table} DISABLE TRIGGER USER")
            owner.execute(f"DELETE FROM access.{table}")
            owner.execute(f"ALTER TABLE access.{table} ENABLE TRIGGER USER")
        owner.execute("DELETE FROM access.verification_campaign")
        (campaign,) = owner.execute(
            "INSERT INTO access.verification_campaign (source, endpoint, per_second, started_by, started_at)"
            " VALUES ('population', 'x', 1, 'test', now()) RETURNING id"
        ).fetchone()  # type: ignore[misc]
    with console.made.connect("jobs", autocommit=True) as jobs, jobs.transaction():
        open_for_job(jobs, "identity_verification", purpose="identity_verification", legal_basis=EPIDEMIC_LAW,
                     case=f"XM-{campaign}")  # fmt: skip
        assert open_identity_cases(jobs, [(AN, "060")], system="population") == 1
        assert open_identity_cases(jobs, [(AN, "070")], system="population") == 0, "one at a time"
    with console.owner() as owner:
        return int(owner.execute("SELECT max(id) FROM access.correction").fetchone()[0])  # type: ignore[index]


def person(console: Console) -> Any:
    with console.owner() as owner:
        return owner.execute("SELECT name, birth_date::text FROM people_person WHERE id = %s", [AN]).fetchone()


def test_what_station_and_police_have_signed_is_in_the_golden_record(console: Console, case: int) -> None:
    assert steps(console, "station", case, act="take_up") == 302
    page = console.sign_in("station").get(f"/can-bo/sua-sai/{case}").text
    assert "mã 060: họ tên khác" in page
    assert 'name="birth_date"' in page
    confirmed = {"act": "confirm", "outcome": "values", "name": "Nguyễn Văn Ân", "birth_date": "18/05/1990"}
    assert steps(console, "station", case, **confirmed) == 302
    assert works(console) == 0, "one signature is not enough"
    assert f"SS-{case}" in console.sign_in("police").get("/can-bo/sua-sai").text
    assert steps(console, "police", case, act="sign") == 302
    assert works(console) == 1
    assert state(console, case) == "corrected"
    assert person(console) == ("Nguyễn Văn Ân", "1990-05-18")


def test_only_the_offices_of_the_persons_commune_have_the_case(console: Console, case: int) -> None:
    for officer, expected in (("far-police", 404), ("steward", 404), ("police", 404), ("tracer", 403)):
        assert steps(console, officer, case, act="take_up") == expected, officer
    assert steps(console, "station", case, act="take_up") == 302
    for wrong in ({"outcome": "not_mine"}, {"outcome": "values"}, {"outcome": "values", "birth_date": "31/02/1990"},
                  {"outcome": "values", "personal_id": "123"}):  # fmt: skip
        assert steps(console, "station", case, act="confirm", **wrong) == 422, wrong
    assert steps(console, "station", case, act="confirm", outcome="values", name="Nguyễn Văn An") == 302
    assert steps(console, "steward", case, act="sign") == 404
    assert steps(console, "far-police", case, act="sign") == 404
    assert steps(console, "police", case, act="object") == 302, "then the station looks again"
    assert state(console, case) == "checking"


def test_the_person_reads_the_case_and_cannot_withdraw_it(console: Console, case: int) -> None:
    an = citizen_browser(console, AN)
    page = an.get(f"/sua-sai/{case}").text
    assert "Danh tính không khớp" in page
    assert "withdraw" not in page
    assert an.post(f"/sua-sai/{case}", {"act": "withdraw"}).status_code == 422
    assert state(console, case) == "received"
    assert f"SS-{case}" not in citizen_browser(console, BINH).get("/sua-sai").text


def test_no_program_opens_a_case_outside_a_campaign(console: Console, case: int) -> None:
    with console.made.connect("jobs", autocommit=True) as jobs, jobs.transaction():
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis=EPIDEMIC_LAW)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            jobs.execute("SELECT access.open_identity_cases(%s::uuid[], ARRAY['x'], 'population')", [[BINH]])


def test_words_of_a_case_say_what_differs_and_nobodys_values(console: Console, case: int) -> None:
    with console.owner() as owner:
        (words,) = owner.execute("SELECT words FROM access.correction WHERE id = %s", [case]).fetchone()  # type: ignore[misc]
    assert re.fullmatch(r"Cơ sở dữ liệu quốc gia về dân cư trả lời mã 060: họ tên khác\.", words)
