"""What was granted really happens: rows are not shown, are gone, or are corrected, as the database itself holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from integration.console.made_index import AN, BINH
from integration.rights.bench import KEY, OFFICERS, WORDS, Bench
from integration.rights.test_asking_and_answering import refused_with

DOSE_OF_AN, DECLARATION = UUID(int=1004), "declarations_declaration"


@contextmanager
def reading(bench: Bench, username: str, purpose: str, **scope: Any) -> Iterator[None]:
    from pccovid.foundation import access

    role, area = OFFICERS[username]
    reached = scope.get("reached") or (access.area(area) if area else access.everybody())
    with access.open(
        access.officer(bench.accounts[username], role), purpose=purpose, legal_basis="test", scope=reached, case="ca 1"
    ):
        yield


def counted(*tables: str) -> dict[str, int]:
    """Rows of An in sight, by table."""
    from django.db import connection

    found = {}
    for table in tables:
        column = "id" if table == "people_person" else "person_id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [AN])
            found[table] = cursor.fetchone()[0]
    return found


def restrict(bench: Bench, kind: str, categories: tuple[str, ...], person: UUID = AN) -> int:
    number = bench.asks(person, kind, categories=categories)
    assert bench.grants("protector", number, person, "fulfil", granted=categories) == "fulfilled"
    return number


@pytest.mark.parametrize("kind", ["restriction", "objection", "withdrawal"])
def test_a_restricted_kind_of_data_is_shown_to_no_office_until_it_is_lifted(bench: Bench, kind: str) -> None:
    from pccovid.rights.operations import lift

    before = {"vaccination_dose": 1, "people_person": 1}
    for username, purpose in (("station", "care"), ("tracer", "contact_tracing"), ("steward", "data_repair")):
        with reading(bench, username, purpose):
            assert counted(*before) == before
    number = restrict(bench, kind, ("vaccination",))
    for username, purpose in (("station", "care"), ("tracer", "contact_tracing"), ("steward", "data_repair")):
        with reading(bench, username, purpose):
            assert counted(*before) == {"vaccination_dose": 0, "people_person": 1}
    with bench.own(AN):
        assert counted(*before) == before
        assert lift(request=number) == "lifted"
    with reading(bench, "station", "care"):
        assert counted(*before) == before


def test_a_restriction_of_the_whole_record_hides_the_person_and_nobody_else(bench: Bench) -> None:
    from django.db import connection

    from pccovid.foundation import access

    restrict(bench, "objection", ())
    everything = ("people_person", "people_recordclaim", "people_identifier", "people_contactpoint", "people_link",
                  "vaccination_dose", "movement_visit", DECLARATION)  # fmt: skip
    with reading(bench, "steward", "data_repair"), connection.cursor() as cursor:
        assert set(counted(*everything).values()) == {0}
        cursor.execute("SELECT array_agg(id) FROM people_person")
        assert cursor.fetchone() == ([BINH],)
        cursor.execute("SELECT count(*) FROM people_sourcerecord WHERE record_id = %s", [UUID(int=1001)])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM people_sourcerecord WHERE record_id = %s", [UUID(int=2001)])
        assert cursor.fetchone() == (1,)
    with reading(bench, "station", "care", reached=access.persons(AN, within="00001")):
        assert counted("people_person") == {"people_person": 0}
    with bench.own(AN):
        assert min(counted(*everything).values()) >= 1


def test_an_officers_search_does_not_find_whoever_is_restricted(bench: Bench) -> None:
    from pccovid.people.finding import Wanted, find_persons

    def found() -> list[UUID]:
        with reading(bench, "station", "care"):
            return [one.person for one in find_persons(Wanted(phone="0912000001"), today=datetime.now(UTC).date())]

    assert found() == [AN]
    restrict(bench, "restriction", ())
    assert found() == []


def test_purposes_that_the_law_forces_go_on(bench: Bench) -> None:
    from pccovid.foundation.access import open_for_job
    from pccovid.rights.rules import EXEMPT

    restrict(bench, "objection", ())
    jobs = {"carry_over": "carry_over", "data_repair": "link_repair", "erasure": "retention", "export": "bulk_export"}
    exempt = {one.purpose for one in EXEMPT}
    for purpose, name in jobs.items():
        if purpose == "export":
            continue
        with bench.made.connect("jobs") as connection:
            open_for_job(connection, name, purpose=purpose, legal_basis="test")
            found = connection.execute("SELECT count(*) FROM people_person WHERE id = %s", [AN]).fetchone()
            assert found == (1,), purpose
            assert purpose in exempt


def test_break_glass_still_opens_a_restricted_record(bench: Bench) -> None:
    from pccovid.foundation import access

    restrict(bench, "objection", ())
    with bench.owner() as owner:
        row = owner.execute(
            "SELECT access.break_glass(%s, %s, 'một lý do đủ dài để mở khẩn cấp', %s)",
            [bench.accounts["tracer"], bench.through("tracer"), AN],
        ).fetchone()
    assert row is not None
    with access.open(
        access.officer(bench.accounts["tracer"], "break_glass"), purpose="break_glass", legal_basis="test",
        scope=access.persons(AN, within=None), case=f"KC-{row[0]}",
    ):  # fmt: skip
        assert counted("people_person") == {"people_person": 1}


def test_an_export_leaves_out_whoever_is_restricted(bench: Bench) -> None:
    from pccovid.foundation.access import open_for_job

    with bench.owner() as owner:
        owner.execute(
            "INSERT INTO access.export_rule (purpose, column_name, category, askers)"
            " VALUES ('x', 'v', 'vaccination', '{}') ON CONFLICT DO NOTHING"
        )
        (export,) = owner.execute(
            "INSERT INTO access.export_request (purpose, columns, area_code, reason, organisation, recipient,"
            " certificate, certificate_print, asked_by, asked_through, asked_office) VALUES ('x', '{v}', NULL,"
            " 'một lý do đủ dài để thử', 'x', 'x', 'x', 'x', 1, 1, 'x') RETURNING id"
        ).fetchone() or (0,)
        for officer in (2, 3):
            owner.execute(
                "INSERT INTO access.export_opinion (request_id, asked_by, officer_id, appointment_id, office, approves,"
                " note) VALUES (%s, 1, %s, 1, 'x', true, '')",
                [export, officer],
            )

    def exported() -> list[tuple[UUID, int]]:
        with bench.made.connect("jobs") as jobs:
            open_for_job(jobs, "bulk_export", purpose="export", legal_basis="test", case=f"XD-{export}")
            return jobs.execute(
                "SELECT p.id, (SELECT count(*) FROM vaccination_dose d WHERE d.person_id = p.id) FROM people_person p"
                " ORDER BY 1"
            ).fetchall()

    assert exported() == [(AN, 1), (BINH, 1)]
    restrict(bench, "restriction", ("vaccination",))
    assert exported() == [(AN, 0), (BINH, 1)]
    restrict(bench, "objection", ())
    assert exported() == [(BINH, 1)]


def test_a_restriction_in_part_says_which_part_and_why_not_the_rest(bench: Bench) -> None:
    from pccovid.rights.queries import own_steps

    number = bench.asks(AN, "restriction", categories=("movement", "vaccination"))
    bench.steps("protector", number, AN, "acknowledge")
    refused_with("PC459", lambda: bench.steps("protector", number, AN, "fulfil", granted=("vaccination",)))
    refused_with("PC455", lambda: bench.steps("protector", number, AN, "fulfil_partly", granted=("vaccination",)))
    refused_with("PC459", lambda: bench.steps("protector", number, AN, "fulfil", granted=("vaccination", "test")))
    assert bench.steps("protector", number, AN, "fulfil_partly", granted=("vaccination",),
                       refusal="epidemic_control") == "partly_fulfilled"  # fmt: skip
    with bench.own(AN):
        parts = {part.category: (part.is_done, part.refusal) for part in own_steps(number)[-1].parts}
    assert parts == {"vaccination": (True, None), "movement": (False, "epidemic_control")}
    with reading(bench, "tracer", "contact_tracing"):
        assert counted("vaccination_dose", "movement_visit") == {"vaccination_dose": 0, "movement_visit": 1}


def test_a_restriction_goes_with_a_person_whose_record_is_merged(own_bench: Bench) -> None:
    from pccovid.foundation import access

    restrict(own_bench, "objection", ())
    with own_bench.owner() as owner:
        owner.execute("UPDATE people_person SET merged_into_id = %s WHERE id = %s", [BINH, AN])
        owner.execute("UPDATE vaccination_dose SET person_id = %s WHERE person_id = %s", [BINH, AN])
    for reached in (access.everybody(), access.persons(BINH, within=None)):
        with reading(own_bench, "steward", "data_repair", reached=reached):
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM vaccination_dose")
                assert cursor.fetchone() == (0,)


@contextmanager
def repairing(bench: Bench) -> Iterator[psycopg.Connection]:
    """The worker's connection in an access opened for the repair of persons."""
    from pccovid.foundation.access import open_for_job

    with bench.made.connect("jobs") as jobs:
        open_for_job(jobs, "link_repair", purpose="data_repair", legal_basis="test")
        yield jobs


def nobody_is_verified(bench: Bench) -> None:
    with bench.owner() as owner:
        owner.execute(
            "UPDATE people_person SET is_identity_verified = false; UPDATE people_recordclaim SET id_verified = false"
        )


def whose_doses_are_seen(bench: Bench) -> list[UUID]:
    """As a steward sees it who repairs data, with access to everybody."""
    from django.db import connection

    from pccovid.foundation import access

    with reading(bench, "steward", "data_repair", reached=access.everybody()), connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM vaccination_dose ORDER BY person_id")
        return [person for (person,) in cursor.fetchall()]


def test_a_restriction_asked_of_two_persons_in_one_holds_for_both_when_they_are_parted(own_bench: Bench) -> None:
    from pccovid.people.operations import merge_people, undo_merge
    from pccovid.rights.operations import lift

    nobody_is_verified(own_bench)
    before_the_merge = restrict(own_bench, "restriction", ("vaccination",))
    assert whose_doses_are_seen(own_bench) == [BINH]
    with repairing(own_bench) as jobs:
        merge = merge_people(jobs, kept=BINH, absorbed=AN, reason="test", by="test", now=datetime.now(UTC))
    while_one = restrict(own_bench, "objection", (), BINH)
    with repairing(own_bench) as jobs:
        undo_merge(jobs, merge=merge, by="test", now=datetime.now(UTC))
    with own_bench.own(AN):
        lift(request=before_the_merge)
    assert whose_doses_are_seen(own_bench) == []
    with own_bench.own(BINH):
        lift(request=while_one)
    assert whose_doses_are_seen(own_bench) == [AN, BINH]


def test_a_restriction_from_before_a_merge_goes_back_to_whom_it_was_of(own_bench: Bench) -> None:
    from pccovid.people.operations import merge_people, undo_merge

    nobody_is_verified(own_bench)
    restrict(own_bench, "objection", ())
    with repairing(own_bench) as jobs:
        merge = merge_people(jobs, kept=BINH, absorbed=AN, reason="test", by="test", now=datetime.now(UTC))
        undo_merge(jobs, merge=merge, by="test", now=datetime.now(UTC))
    restricted = own_bench.rows("SELECT person_id FROM access.restriction WHERE lifted_at IS NULL")
    assert restricted == [(AN,)]


def test_asked_erasure_takes_what_the_person_told_and_says_what_law_keeps(own_bench: Bench) -> None:
    from pccovid.people.numbers import shown_payload
    from pccovid.rights.queries import holdings, own_steps

    number = own_bench.asks(AN, "erasure", categories=("declaration", "vaccination"))
    own_bench.steps("protector", number, AN, "acknowledge")
    with own_bench.reading("protector", number, AN):
        assert {(one.category, one.erasable, one.kept) for one in holdings(number)} == {
            ("declaration", 1, 0), ("vaccination", 0, 1),
        }  # fmt: skip
    assert own_bench.steps("protector", number, AN, "grant", granted=("declaration", "vaccination")) == "granted"
    assert own_bench.rows(f"SELECT count(*) FROM {DECLARATION} WHERE person_id = %s", AN) == [(1,)]
    assert own_bench.works().erased == 1
    assert own_bench.state(number) == "partly_fulfilled"
    assert own_bench.rows(f"SELECT person_id FROM {DECLARATION}") == [(BINH,)]
    assert own_bench.rows("SELECT count(*) FROM vaccination_dose WHERE person_id = %s", AN) == [(1,)]
    (payload,) = own_bench.rows("SELECT payload FROM people_sourcerecord WHERE record_id = %s", UUID(int=1001))[0]
    assert shown_payload(payload, UUID(int=1001)) == '{"erased": true}'
    with own_bench.own(AN):
        parts = {part.category: (part.is_done, part.rows, part.refusal) for part in own_steps(number)[-1].parts}
    assert parts == {"declaration": (True, 1, None), "vaccination": (False, 1, "kept_by_law")}


def test_asked_erasure_leaves_proofs_that_hold_and_tell_nobodys_name(own_bench: Bench) -> None:
    from pccovid.retention.operations import commitment_of, salt_of
    from pccovid.retention.proofs import verify_erasures

    (key,) = own_bench.rows(f"SELECT id::text FROM {DECLARATION} WHERE person_id = %s", AN)[0]
    number = own_bench.asks(AN, "erasure", categories=("declaration",))
    own_bench.grants("protector", number, AN, "grant", granted=("declaration",))
    own_bench.works()
    assert own_bench.state(number) == "fulfilled"
    proofs = own_bench.rows("SELECT run, table_name, because, rows, commitment FROM access.erasure ORDER BY position")
    assert [(table, because, rows) for _, table, because, rows, _ in proofs] == [
        (DECLARATION, "asked", 1), ("people_sourcerecord", "emptied", 1),
    ]  # fmt: skip
    run, *_, commitment = proofs[0]
    assert bytes(commitment) == commitment_of(salt_of(KEY, run, 0), DECLARATION, [key])
    with own_bench.owner() as owner:
        verdict = verify_erasures(owner)
    assert verdict.is_whole
    assert verdict.anchors == 1


def test_nothing_is_erased_that_was_not_granted(own_bench: Bench) -> None:
    import psycopg

    from pccovid.foundation.access import AccessRefused, open_for_job

    number = own_bench.asks(AN, "erasure", categories=("declaration",))
    with own_bench.made.connect("jobs") as jobs, pytest.raises(AccessRefused):
        open_for_job(jobs, "rights", purpose="rights", legal_basis="test", case=f"YC-{number}")
    with own_bench.made.connect("jobs") as jobs, pytest.raises(psycopg.DatabaseError):
        jobs.execute("SELECT access.erase_for_right(%s, %s, %s)", [number, uuid4(), b"x" * 32])
    assert own_bench.works().requests == 0
    assert own_bench.rows(f"SELECT count(*) FROM {DECLARATION}") == [(2,)]


def test_erasure_of_what_is_not_there_is_refused_by_the_program(own_bench: Bench) -> None:
    number = own_bench.asks(AN, "erasure", categories=("border",))
    own_bench.grants("protector", number, AN, "grant", granted=("border",))
    own_bench.works()
    assert own_bench.state(number) == "refused"
    assert own_bench.rows("SELECT category, refusal FROM access.right_part") == [("border", "nothing_held")]


def test_a_verified_name_is_corrected_only_by_two_officers_and_its_source_is_shown(own_bench: Bench) -> None:
    from pccovid.people.queries import own_identity

    number = own_bench.asks(AN, "correction", "identity", attribute="name", wanted="Nguyễn Văn Ân")
    own_bench.steps("police", number, AN, "acknowledge")
    refused_with("PC453", lambda: own_bench.steps("police", number, AN, "grant", decided="Nguyễn Văn Ân"))
    assert own_bench.steps("police", number, AN, "propose", note=WORDS, decided="Nguyễn Văn Ân") == "proposed"
    refused_with("PC457", lambda: own_bench.steps("police", number, AN, "agree"))
    assert own_bench.steps("police-2", number, AN, "agree") == "granted"
    own_bench.works()
    with own_bench.own(AN):
        identity = own_identity(AN)
    assert identity is not None
    assert (identity.name, identity.sources["name"]) == ("Nguyễn Văn Ân", "correction")
    assert identity.is_verified
    assert own_bench.state(number) == "fulfilled"
    (record,) = own_bench.rows(
        "SELECT record_id, system, key, version FROM people_sourcerecord WHERE system = 'correction'"
    )
    assert record[1:] == ("correction", f"name:{AN}", 1)
    assert own_bench.rows("SELECT person_id, decision, reason FROM people_link WHERE record_id = %s", record[0]) == [
        (AN, "manual", "correction")
    ]
    assert own_bench.rows("SELECT received, linked FROM people_importfile WHERE system = 'correction'") == [(1, 1)]


def test_what_the_second_officer_sends_back_is_decided_anew(own_bench: Bench) -> None:
    number = own_bench.asks(AN, "correction", "identity", attribute="sex", wanted="female")
    own_bench.steps("police", number, AN, "acknowledge")
    own_bench.steps("police", number, AN, "propose", note=WORDS, decided="female")
    assert own_bench.steps("steward", number, AN, "send_back", note=WORDS) == "acknowledged"
    assert own_bench.works().requests == 0
    assert own_bench.steps("steward", number, AN, "refuse", refusal="is_right_already") == "refused"


def test_a_corrected_phone_is_the_only_own_one_and_a_later_correction_replaces_it(own_bench: Bench) -> None:
    from pccovid.people.queries import own_identity

    with own_bench.owner() as owner:
        owner.execute(
            "UPDATE people_person SET is_identity_verified = false; UPDATE people_recordclaim SET id_verified = false"
        )
    for phone in ("0934182705", "0976150342"):
        number = own_bench.asks(AN, "correction", "identity", attribute="phone", wanted=phone)
        own_bench.grants("police", number, AN, "grant", decided=phone)
        own_bench.works()
        with own_bench.own(AN):
            identity = own_identity(AN)
        assert identity is not None
        assert [(one.system, one.value, one.sources) for one in identity.contacts] == [
            ("phone", phone, ("correction",))
        ]
    assert own_bench.rows("SELECT version FROM people_sourcerecord WHERE system = 'correction' ORDER BY 1") == [
        (1,),
        (2,),
    ]
    stored = own_bench.rows("SELECT phone, sealed::text FROM people_recordclaim WHERE system = 'correction'")
    assert "0976150342" not in str(stored)
    assert "0976150342" not in str(own_bench.rows("SELECT sealed FROM access.right_value"))


def test_a_wrong_fact_is_superseded_and_stays_in_the_history(own_bench: Bench) -> None:
    from pccovid.vaccination.queries import own_doses

    number = own_bench.asks(AN, "correction", "fact", fact_table="vaccination_dose", fact=DOSE_OF_AN)
    own_bench.grants("steward", number, AN, "grant")
    own_bench.works()
    assert own_bench.state(number) == "fulfilled"
    with own_bench.own(AN):
        assert own_doses(AN) == ()
    assert own_bench.rows("SELECT superseded_at IS NOT NULL FROM vaccination_dose WHERE id = %s", DOSE_OF_AN) == [
        (True,)
    ]


def test_a_correction_outlives_a_merge_of_records_and_its_undoing(own_bench: Bench) -> None:
    from pccovid.people.operations import merge_people, undo_merge

    nobody_is_verified(own_bench)
    number = own_bench.asks(AN, "correction", "identity", attribute="name", wanted="Nguyễn Văn Ân")
    own_bench.grants("police", number, AN, "grant", decided="Nguyễn Văn Ân")
    own_bench.works()
    now = datetime.now(UTC)

    def names() -> list[tuple[Any, ...]]:
        return own_bench.rows("SELECT id, name FROM people_person WHERE merged_into_id IS NULL ORDER BY id")

    with repairing(own_bench) as jobs:
        merge = merge_people(jobs, kept=BINH, absorbed=AN, reason="test", by="test", now=now)
    assert names() == [(BINH, "Nguyễn Văn Ân")]
    with repairing(own_bench) as jobs:
        undo_merge(jobs, merge=merge, by="test", now=now)
    assert names() == [(AN, "Nguyễn Văn Ân"), (BINH, "Trần Thị Bình")]
