"""Decisions are one's own, append-only, provable; has_consent says no unless it is certain of a yes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from integration.console.made_index import AN, BINH, make_index

RESEARCH = "research_use"


@pytest.fixture
def made(prepared_url: str, home: Path) -> MadeDatabase:
    database = database_from(prepared_url, home)
    with database.connect("owner", autocommit=True) as owner:
        make_index(owner)
    return database


@contextmanager
def own(made: MadeDatabase, person: UUID) -> Iterator[psycopg.Connection]:
    """The web's connection inside the person's own opened access."""
    with made.connect("web") as web:
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])",
            [str(person), person],
        )
        yield web


def digest_of(made: MadeDatabase, purpose: str = RESEARCH, version: int = 1) -> str:
    with made.connect("owner") as owner:
        row = owner.execute(
            "SELECT digest FROM access.consent_text WHERE purpose = %s AND version = %s AND language = 'vi'",
            [purpose, version],
        ).fetchone()
    assert row is not None
    return str(row[0])


def gives(made: MadeDatabase, person: UUID, purpose: str = RESEARCH, version: int = 1) -> int:
    digest = digest_of(made, purpose, version)
    with own(made, person) as web:
        row = web.execute(
            "SELECT access.give_consent(%s, %s, %s, 'vi', %s)", [person, purpose, version, digest]
        ).fetchone()
    assert row is not None
    return int(row[0])


def withdraws(made: MadeDatabase, person: UUID, purpose: str = RESEARCH) -> int | None:
    with own(made, person) as web:
        row = web.execute("SELECT access.withdraw_consent(%s, %s)", [person, purpose]).fetchone()
    assert row is not None
    return row[0]


def has(made: MadeDatabase, person: UUID, purpose: str = RESEARCH) -> bool:
    with own(made, person) as web:
        row = web.execute("SELECT access.has_consent(%s, %s)", [person, purpose]).fetchone()
    return row == (True,)


def test_a_consent_holds_for_its_person_and_purpose_alone(made: MadeDatabase) -> None:
    gives(made, AN)
    assert has(made, AN)
    assert not has(made, AN, "provincial_app")
    assert not has(made, AN, "anything else")
    assert not has(made, BINH)


def test_withdrawal_takes_effect_in_its_own_transaction(made: MadeDatabase) -> None:
    gives(made, AN)
    with own(made, AN) as web:
        web.execute("SELECT access.withdraw_consent(%s, %s)", [AN, RESEARCH])
        assert web.execute("SELECT access.has_consent(%s, %s)", [AN, RESEARCH]).fetchone() == (False,)
    assert not has(made, AN)


def test_giving_twice_and_withdrawing_nothing_leave_no_further_row(made: MadeDatabase) -> None:
    assert withdraws(made, AN) is None
    assert gives(made, AN) == gives(made, AN)
    assert withdraws(made, AN) is not None
    assert withdraws(made, AN) is None
    with made.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM access.consent_decision").fetchone() == (2,)


def test_a_decision_names_the_entry_of_the_log_in_which_it_was_made(made: MadeDatabase) -> None:
    number = gives(made, AN)
    with made.connect("owner") as owner:
        row = owner.execute(
            "SELECT l.actor, l.purpose, d.shown_digest FROM access.consent_decision d"
            " JOIN access.log l ON l.id = d.log_id WHERE d.id = %s",
            [number],
        ).fetchone()
    assert row == (str(AN), "own_record", digest_of(made))


@pytest.mark.parametrize(
    "call", ["give_consent(%s, 'research_use', 1, 'vi', %s)", "withdraw_consent(%s, left('research_use', length(%s)))"]
)
def test_nobody_decides_for_another_with_or_without_an_opened_access(made: MadeDatabase, call: str) -> None:
    gives(made, BINH)
    statement, arguments = f"SELECT access.{call}", [BINH, digest_of(made)]
    with own(made, AN) as web, pytest.raises(psycopg.DatabaseError) as refused:
        web.execute(statement, arguments)
    assert refused.value.sqlstate == "PC451"
    with made.connect("web") as web, pytest.raises(psycopg.DatabaseError) as refused:
        web.execute(statement, arguments)
    assert refused.value.sqlstate == "PC451"
    assert has(made, BINH)


def test_nobody_reads_anothers_consents(made: MadeDatabase) -> None:
    gives(made, BINH)
    with own(made, AN) as web:
        assert web.execute("SELECT * FROM access.consents_of(%s, 'vi')", [BINH]).fetchall() == []
        assert web.execute("SELECT * FROM access.consent_history_of(%s)", [BINH]).fetchall() == []
        assert web.execute("SELECT access.has_consent(%s, %s)", [BINH, RESEARCH]).fetchone() == (False,)
    with made.connect("web") as web:
        assert web.execute("SELECT access.has_consent(%s, %s)", [BINH, RESEARCH]).fetchone() == (False,)


@pytest.mark.parametrize("role", ["web", "jobs", "owner"])
@pytest.mark.parametrize(
    "change",
    ["UPDATE access.consent_decision SET gives = true", "DELETE FROM access.consent_decision",
     "TRUNCATE access.consent_decision", "UPDATE access.consent_text SET body = 'x'",
     "DELETE FROM access.consent_text", "TRUNCATE access.consent_text CASCADE"],
)  # fmt: skip
def test_history_and_texts_are_append_only_even_for_the_owner(made: MadeDatabase, role: str, change: str) -> None:
    gives(made, AN)
    with made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(change)


def test_web_and_jobs_read_neither_table(made: MadeDatabase) -> None:
    for role in ("web", "jobs"):
        for table in ("consent_text", "consent_decision"):
            with made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM access.{table}")


def test_a_consent_ends_with_the_text_it_was_given_to(made: MadeDatabase) -> None:
    gives(made, AN)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("UPDATE access.consent_text SET valid_to = now() WHERE purpose = %s", [RESEARCH])
        assert not has(made, AN)
        owner.execute(
            "INSERT INTO access.consent_text SELECT purpose, 2, language, title, body || '!', now(), NULL, issuer,"
            " document, false, '' FROM access.consent_text WHERE purpose = %s",
            [RESEARCH],
        )
    assert not has(made, AN)
    assert withdraws(made, AN) is not None
    gives(made, AN, version=2)
    assert has(made, AN)


def test_after_a_merge_nobody_agrees_by_what_another_record_said(made: MadeDatabase) -> None:
    gives(made, BINH)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [AN, BINH])
    assert not has(made, AN)
    gives(made, AN)
    assert has(made, AN)


def test_a_withdrawal_under_the_absorbed_record_counts_when_it_is_the_later(made: MadeDatabase) -> None:
    gives(made, BINH)
    gives(made, AN)
    withdraws(made, BINH)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [AN, BINH])
    assert not has(made, AN)


def test_a_text_with_other_words_is_refused_when_the_database_is_prepared_anew(made: MadeDatabase) -> None:
    from conftest import use_in_django
    from pccovid.consents.operations import write_texts
    from pccovid.consents.rules import TEXTS

    use_in_django(made, "owner")
    from django.db import DatabaseError, connections, transaction

    write_texts()
    with pytest.raises(DatabaseError), transaction.atomic():
        write_texts([TEXTS[0]._replace(body="Lời văn khác")])
    connections["default"].close()


def test_features_ask_inside_the_access_they_have_opened(made: MadeDatabase) -> None:
    from conftest import use_in_django
    from pccovid.consents.queries import has_consent
    from pccovid.foundation import access

    gives(made, AN)
    use_in_django(made, "web")
    with access.open(access.citizen(AN), purpose="own_record", legal_basis="test", scope=access.own(AN)):
        assert has_consent(AN, RESEARCH)
        assert not has_consent(BINH, RESEARCH)
    assert not has_consent(AN, RESEARCH)
