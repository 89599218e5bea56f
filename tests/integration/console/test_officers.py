"""Officers' accounts: what appointing and dismissing do, and the made ones of the sandbox."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from conftest import MadeDatabase, use_in_django

NOW = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
def owner(database: MadeDatabase) -> psycopg.Connection:
    use_in_django(database, "web")
    return database.connect("owner", autocommit=True)


def in_force(owner: psycopg.Connection, officer: int) -> list[tuple[str, str | None]]:
    return owner.execute("SELECT role, area_code FROM access.appointments_of(%s)", [officer]).fetchall()


def test_sandbox_officers_have_random_passwords_in_a_closed_file(
    owner: psycopg.Connection, database: MadeDatabase
) -> None:
    from pccovid.officers.sandbox import make_sandbox_officers

    made = make_sandbox_officers(owner, database.home, now=NOW)
    path = database.home / "secrets" / "officers.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == made
    assert len({officer["password"] for officer in made}) == len(made) >= 4
    assert min(len(officer["password"]) for officer in made) >= 16


def test_making_sandbox_officers_again_keeps_them(owner: psycopg.Connection, database: MadeDatabase) -> None:
    from pccovid.officers.sandbox import make_sandbox_officers

    first = make_sandbox_officers(owner, database.home, now=NOW)
    assert make_sandbox_officers(owner, database.home, now=NOW) == first


def test_sandbox_officers_are_made_anew_for_another_database(owner: psycopg.Connection, database: MadeDatabase) -> None:
    from pccovid.officers.sandbox import make_sandbox_officers

    first = make_sandbox_officers(owner, database.home, now=NOW)
    owner.execute("DELETE FROM access.appointment")
    second = make_sandbox_officers(owner, database.home, now=NOW)
    assert {officer["password"] for officer in first}.isdisjoint(officer["password"] for officer in second)


def test_a_dismissed_officer_loses_the_office_and_the_account_at_once(owner: psycopg.Connection) -> None:
    from pccovid.officers.operations import appoint, dismiss, enrol

    officer = enrol(owner, username="lan", full_name="Lan", password="đúng là mật khẩu", now=NOW)
    held = appoint(owner, officer=officer, role="tracer", area="01", office="CDC", by="test", now=NOW)
    assert in_force(owner, officer) == [("tracer", "01")]
    dismiss(owner, appointment=held, by="test", now=NOW + timedelta(minutes=1))
    assert in_force(owner, officer) == []
    assert owner.execute("SELECT is_active FROM auth_user WHERE id = %s", [officer]).fetchone() == (False,)


def test_an_officer_with_a_second_office_keeps_the_account_when_one_ends(owner: psycopg.Connection) -> None:
    from pccovid.officers.operations import appoint, dismiss, enrol

    officer = enrol(owner, username="lan", full_name="Lan", password="đúng là mật khẩu", now=NOW)
    first = appoint(owner, officer=officer, role="tracer", area="01", office="CDC", by="test", now=NOW)
    appoint(owner, officer=officer, role="health_station", area="00001", office="Trạm", by="test", now=NOW)
    dismiss(owner, appointment=first, by="test", now=NOW + timedelta(minutes=1))
    assert in_force(owner, officer) == [("health_station", "00001")]
    assert owner.execute("SELECT is_active FROM auth_user WHERE id = %s", [officer]).fetchone() == (True,)


def test_ending_an_appointment_twice_is_refused_by_name(owner: psycopg.Connection) -> None:
    from pccovid.officers.operations import AppointmentUnknown, appoint, dismiss, enrol

    officer = enrol(owner, username="lan", full_name="Lan", password="đúng là mật khẩu", now=NOW)
    held = appoint(owner, officer=officer, role="tracer", area="01", office="CDC", by="test", now=NOW)
    dismiss(owner, appointment=held, by="test", now=NOW + timedelta(minutes=1))
    with pytest.raises(AppointmentUnknown):
        dismiss(owner, appointment=held, by="test", now=NOW + timedelta(minutes=2))


@pytest.mark.parametrize(
    ("role", "area", "error"),
    [("mayor", "01", "OfficeUnknown"), ("tracer", None, "OfficeNeedsArea"), ("tracer", "no-such", "OfficeNeedsArea")],
)
def test_offices_without_sense_cannot_be_given(
    owner: psycopg.Connection, role: str, area: str | None, error: str
) -> None:
    from pccovid.officers import operations

    officer = operations.enrol(owner, username="lan", full_name="Lan", password="đúng là mật khẩu", now=NOW)
    with pytest.raises(getattr(operations, error)):
        operations.appoint(owner, officer=officer, role=role, area=area, office="x", by="test", now=NOW)


@pytest.mark.parametrize("statement", [
    ("INSERT INTO access.appointment (officer_id, role, office, valid_from, appointed_by)"
    " VALUES (1, 'tracer', 'x', now(), 'me')"),
    "UPDATE access.appointment SET area_code = NULL",
    "INSERT INTO auth_user (username) VALUES ('me')",
    "UPDATE auth_user SET is_active = true",
    "SELECT * FROM access.officer_sign_in",
])  # fmt: skip
def test_the_web_can_give_nobody_an_office(database: MadeDatabase, statement: str) -> None:
    with database.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)
