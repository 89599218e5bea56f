"""Exports that rest on consent: only the consenting are in the file, and a withdrawal changes what leaves at once."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import psycopg
import pytest

from integration.bulk_export.conftest import Exports
from integration.console.made_index import AN, BINH
from pccovid.bulk_export.rules import PURPOSES
from pccovid.foundation.purposes import CONSENT, EPIDEMIC_LAW


def decides(exports: Exports, person: UUID, *, agrees: bool, purpose: str = "research_use") -> None:
    with exports.made.connect("web") as web:
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            [str(person), person],
        )
        digest = web.execute(
            "SELECT digest FROM access.consents_of(%s, 'vi') WHERE purpose = %s", [person, purpose]
        ).fetchone()
        assert digest is not None
        if agrees:
            web.execute("SELECT access.give_consent(%s, %s, 1, 'vi', %s)", [person, purpose, digest[0]])
        else:
            web.execute("SELECT access.withdraw_consent(%s, %s)", [person, purpose])


@pytest.fixture(autouse=True)
def nobody_agrees(exports: Exports) -> None:
    for person in (AN, BINH):
        for purpose in ("research_use", "provincial_app"):
            decides(exports, person, agrees=False, purpose=purpose)


def provinces(exports: Exports, request: int) -> list[str]:
    return sorted(row["province"] for row in csv.DictReader(io.StringIO(exports.download("steward", request))))


def research(exports: Exports, *, area: str | None = None) -> int:
    return exports.approved(purpose="research", columns=("birth_year", "province"), area=area)


def told(exports: Exports, request: int) -> list[tuple[UUID, str]]:
    return exports.owner.execute(
        "SELECT d.person_id, l.legal_basis FROM access.disclosure d JOIN access.log l ON l.id = d.log_id"
        " WHERE l.case_reference = %s",
        [f"XD-{request}"],
    ).fetchall()


def test_without_any_consent_no_row_leaves(exports: Exports) -> None:
    request = research(exports)
    assert request in exports.make()
    assert provinces(exports, request) == []
    assert told(exports, request) == []


def test_only_the_consenting_are_in_the_file_and_told_and_the_log_names_consent(exports: Exports) -> None:
    decides(exports, AN, agrees=True)
    request = research(exports)
    exports.make()
    assert provinces(exports, request) == ["01"]
    assert told(exports, request) == [(AN, CONSENT)]


def test_a_consent_to_one_purpose_puts_nobody_into_the_file_of_another(exports: Exports) -> None:
    decides(exports, AN, agrees=True)
    request = exports.approved(purpose="provincial_app", columns=("name", "phone"), area="01")
    exports.make()
    assert told(exports, request) == []


def test_an_export_of_the_law_holds_everybody_as_before(exports: Exports) -> None:
    request = exports.approved(columns=("province",), area=None)
    exports.make()
    assert provinces(exports, request) == ["01", "79"]
    assert {basis for _, basis in told(exports, request)} == {EPIDEMIC_LAW}


def test_who_withdraws_after_the_approval_is_not_in_the_file(exports: Exports) -> None:
    for person in (AN, BINH):
        decides(exports, person, agrees=True)
    request = research(exports)
    decides(exports, AN, agrees=False)
    exports.make()
    assert provinces(exports, request) == ["79"]


def test_a_withdrawal_destroys_a_file_that_could_still_be_fetched(exports: Exports) -> None:
    for person in (AN, BINH):
        decides(exports, person, agrees=True)
    both, far = research(exports), research(exports, area="79")
    exports.make()
    assert provinces(exports, both) == ["01", "79"]
    decides(exports, AN, agrees=False)
    with pytest.raises(psycopg.DatabaseError) as refused:
        exports.download("steward", both)
    assert refused.value.sqlstate == "PC437"
    assert provinces(exports, far) == ["79"]


def test_a_withdrawal_while_the_file_is_made_keeps_it_from_being_kept(exports: Exports) -> None:
    decides(exports, AN, agrees=True)
    request = research(exports)
    with exports.made.connect("jobs") as jobs:
        jobs.execute(
            "SELECT access.open('job', 'bulk_export', 'bulk_export', 'export', %s, 'all', '{}', NULL, %s)",
            [CONSENT, f"XD-{request}"],
        )
        assert jobs.execute("SELECT id FROM people_person").fetchall() == [(AN,)]
        jobs.execute("SELECT access.disclose(ARRAY[%s]::uuid[], ARRAY['identity'])", [AN])
        decides(exports, AN, agrees=False)
        with pytest.raises(psycopg.DatabaseError) as refused:
            jobs.execute("SELECT access.finish_export(%s, 1, 1, %s)", [request, b"x"])
        assert refused.value.sqlstate == "PC438"
    assert request in exports.make()
    assert told(exports, request) == []


def test_no_table_of_a_person_shows_the_job_who_has_not_agreed(exports: Exports) -> None:
    decides(exports, AN, agrees=True)
    request = exports.approved(purpose="provincial_app", columns=tuple(PURPOSES["provincial_app"].columns), area=None)
    decides(exports, BINH, agrees=True, purpose="provincial_app")
    tables = exports.owner.execute(
        "SELECT c.relname, (c.relname = 'people_person') FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
        " WHERE p.polname = 'sees' AND pg_get_expr(p.polqual, p.polrelid) ~ '(identity|contact|vaccination|test)'"
    ).fetchall()
    assert len(tables) >= 8
    with exports.made.connect("jobs") as jobs:
        jobs.execute(
            "SELECT access.open('job', 'bulk_export', 'bulk_export', 'export', %s, 'all', '{}', NULL, %s)",
            [CONSENT, f"XD-{request}"],
        )
        for table, is_person in tables:
            column = "id" if is_person else "person_id"
            seen = {row[0] for row in jobs.execute(f"SELECT {column} FROM {table}").fetchall()}
            assert seen <= {BINH}, table
    exports.make()
