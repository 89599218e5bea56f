"""An export is asked, approved by two others, made for its area and columns alone, told, encrypted and written down."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from integration.bulk_export.conftest import SECRET, Exports, made_recipient
from integration.console.made_index import AN, BINH


def code_of(refused: pytest.ExceptionInfo[psycopg.DatabaseError]) -> str | None:
    return refused.value.sqlstate


def rows_of(text: str) -> list[dict[str, str]]:
    return [{name: value for name, value in row.items() if not name.startswith("row_ref")}
            for row in csv.DictReader(io.StringIO(text, newline=""))]  # fmt: skip


def test_an_approved_export_holds_the_people_of_its_area_and_its_columns_alone(exports: Exports) -> None:
    request = exports.approved(columns=("birth_year", "sex", "province", "doses"))
    assert request in exports.make()
    text = exports.download("steward", request)
    assert rows_of(text) == [{"birth_year": "1990", "sex": "male", "province": "01", "doses": "1"}]
    assert "Nguyễn Văn An" not in text
    assert exports.state(request) == "made"


def test_everybody_in_an_export_is_told_and_nobody_else(exports: Exports) -> None:
    request = exports.approved(columns=("birth_year", "doses"))
    exports.make()
    told = exports.owner.execute(
        "SELECT d.person_id, d.categories, l.purpose, l.scope_kind, l.scope_area FROM access.disclosure d"
        " JOIN access.log l ON l.id = d.log_id WHERE l.case_reference = %s",
        [f"XD-{request}"],
    ).fetchall()
    assert told == [(AN, ["identity", "vaccination"], "export", "area", "01")]


def test_a_phone_leaves_readable_only_in_an_export_that_needs_it(exports: Exports) -> None:
    request = exports.approved(by="station", purpose="vaccination_call", columns=("name", "phone"), area="00001")
    exports.make()
    assert rows_of(exports.download("station", request)) == [{"name": "Nguyễn Văn An", "phone": "0912000001"}]


def test_a_whole_country_export_reaches_both_people(exports: Exports) -> None:
    request = exports.approved(columns=("province",), area=None)
    exports.make()
    assert sorted(row["province"] for row in rows_of(exports.download("steward", request))) == ["01", "79"]
    assert told_in(exports, request) == {AN, BINH}


def told_in(exports: Exports, request: int) -> set[object]:
    """The persons to whom the log says that they were in this export."""
    rows = exports.owner.execute(
        "SELECT d.person_id FROM access.disclosure d JOIN access.log l ON l.id = d.log_id WHERE l.case_reference = %s",
        [f"XD-{request}"],
    )
    return {person for (person,) in rows}


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"columns": ("name",)}, "PC432"),
    ({"columns": ("birth_year", "phone")}, "PC432"),
    ({"columns": ()}, "PC432"),
    ({"columns": ("birth_year; DROP TABLE",)}, "PC432"),
    ({"purpose": "vaccination_call", "columns": ("name",)}, "PC431"),
    ({"purpose": "no such purpose"}, "PC431"),
    ({"by": "one"}, "PC431"),
    ({"by": "station", "purpose": "vaccination_call", "columns": ("name",), "area": "01"}, "PC433"),
    ({"by": "station", "purpose": "vaccination_call", "columns": ("name",), "area": None}, "PC433"),
    ({"area": "nowhere"}, "PC433"),
]


def test_what_a_purpose_does_not_need_or_an_office_may_not_ask_is_refused(exports: Exports) -> None:
    for options, code in REFUSED:
        with pytest.raises(psycopg.DatabaseError) as refused:
            exports.ask(**options)  # type: ignore[arg-type]
        assert code_of(refused) == code, options


def test_one_approval_is_not_enough_and_the_same_officer_counts_once(exports: Exports) -> None:
    request = exports.ask()
    assert exports.judge("one", request) == "waiting"
    with pytest.raises(psycopg.DatabaseError) as refused:
        exports.judge("one", request)
    assert code_of(refused) == "PC436"
    assert request not in exports.make()


def test_who_asks_cannot_approve_even_when_holding_the_office_that_may(exports: Exports) -> None:
    from pccovid.officers.operations import appoint

    account = exports.officers["steward"][0]
    office = appoint(
        exports.owner, officer=account, role="data_protection", area=None, office="x", by="test", now=datetime.now(UTC)
    )
    request = exports.ask()
    with pytest.raises(psycopg.DatabaseError) as refused:
        exports.web("judge_export", account, office, request, True, "")
    assert code_of(refused) == "PC435"
    with pytest.raises(psycopg.errors.CheckViolation):
        exports.owner.execute(
            "INSERT INTO access.export_opinion (request_id, asked_by, officer_id, appointment_id, office, approves,"
            " note) VALUES (%s, %s, %s, %s, 'x', true, '')",
            [request, account, account, office],
        )


def test_offices_that_may_not_approve_are_refused(exports: Exports) -> None:
    request = exports.ask()
    with pytest.raises(psycopg.DatabaseError) as refused:
        exports.judge("station", request)
    assert code_of(refused) == "PC431"


def test_one_refusal_ends_a_request(exports: Exports) -> None:
    request = exports.ask()
    assert exports.judge("one", request, approves=False) == "refused"
    with pytest.raises(psycopg.DatabaseError) as refused:
        exports.judge("two", request)
    assert code_of(refused) == "PC434"
    assert request not in exports.make()


def test_the_job_opens_no_export_wider_than_its_approved_request(exports: Exports) -> None:
    request = exports.approved()
    opening = "SELECT access.open('job', 'bulk_export', 'bulk_export', 'export', 'test', %s, '{}', %s, %s)"
    for scope, area in (("all", None), ("area", "79")):
        with exports.made.connect("jobs") as jobs, pytest.raises(psycopg.errors.InsufficientPrivilege):
            jobs.execute(opening, [scope, area, f"XD-{request}"])


def test_the_job_opens_nothing_for_a_request_that_is_not_approved_or_made_already(exports: Exports) -> None:
    waiting, made = exports.ask(), exports.approved()
    exports.make()
    for request in (waiting, made, 999):
        with exports.made.connect("jobs") as jobs, pytest.raises(psycopg.errors.InsufficientPrivilege):
            jobs.execute(
                "SELECT access.open('job', 'bulk_export', 'bulk_export', 'export', 'test', 'area', '{}', '01', %s)",
                [f"XD-{request}"],
            )


def test_the_job_sees_only_the_categories_of_the_requested_columns(exports: Exports) -> None:
    request = exports.approved(columns=("birth_year",))
    with exports.made.connect("jobs") as jobs:
        jobs.execute(
            "SELECT access.open('job', 'bulk_export', 'bulk_export', 'export', 'test', 'area', '{}', '01', %s)",
            [f"XD-{request}"],
        )
        assert jobs.execute("SELECT count(*) FROM people_person").fetchone() == (1,)
        for table in ("vaccination_dose", "people_contactpoint", "movement_visit"):
            assert jobs.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_file_cannot_be_kept_without_telling_those_in_it(exports: Exports) -> None:
    request = exports.approved()
    with exports.made.connect("jobs") as jobs:
        jobs.execute(
            "SELECT access.open('job', 'bulk_export', 'bulk_export', 'export', 'test', 'area', '{}', '01', %s)",
            [f"XD-{request}"],
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is told"):
            jobs.execute("SELECT access.finish_export(%s, 1, 1, 'x'::bytea)", [request])


def test_only_who_asked_downloads_and_each_download_is_written_down(exports: Exports) -> None:
    request = exports.approved()
    exports.make()
    for stranger in ("one", "station"):
        with pytest.raises(psycopg.DatabaseError) as refused:
            exports.download(stranger, request)
        assert code_of(refused) in ("PC431", "PC437")
    exports.download("steward", request)
    exports.download("steward", request)
    written = exports.owner.execute(
        "SELECT officer_id, count(*) FROM access.export_download WHERE request_id = %s GROUP BY 1", [request]
    ).fetchall()
    assert written == [(exports.officers["steward"][0], 2)]


def test_a_file_past_its_week_is_gone(exports: Exports) -> None:
    request = exports.approved()
    exports.make()
    exports.owner.execute("UPDATE access.export_file SET kept_until = now() - interval '1 minute'")
    with pytest.raises(psycopg.DatabaseError) as refused:
        exports.download("steward", request)
    assert code_of(refused) == "PC437"
    exports.make()
    assert exports.owner.execute("SELECT count(*) FROM access.export_file").fetchone() == (0,)


def test_a_certificate_that_has_expired_fails_the_export_and_nothing_leaves(exports: Exports) -> None:
    expired = Exports(exports.made, exports.owner, exports.officers, made_recipient(days=-1))
    request = expired.approved()
    assert request not in expired.make()
    assert expired.state(request) == "failed"
    assert told_in(exports, request) == set()


def test_a_request_and_what_was_said_of_it_cannot_be_changed_afterwards(exports: Exports) -> None:
    exports.approved()
    for statement in (
        "UPDATE access.export_request SET area_code = NULL", "UPDATE access.export_request SET columns = '{name}'",
        "DELETE FROM access.export_opinion", "UPDATE access.export_opinion SET approves = true",
        "DELETE FROM access.export_request",
    ):  # fmt: skip
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ForeignKeyViolation)):
            exports.owner.execute(statement)


def test_the_web_and_the_job_cannot_touch_the_tables_themselves(exports: Exports) -> None:
    for role in ("web", "jobs"):
        for table in ("export_rule", "export_request", "export_opinion", "export_file", "export_download"):
            with exports.made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM access.{table}")


def test_any_openssl_opens_the_file_with_the_recipients_key(exports: Exports, tmp_path: Path) -> None:
    request = exports.approved()
    exports.make()
    content = bytes(exports.web("download_export", *exports.officers["steward"], request))
    key = exports.recipient.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, data in (("f.p7m", content), ("c.pem", exports.recipient.certificate.encode()), ("k.pem", key)):
        (tmp_path / name).write_bytes(data)
    opened = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", "f.p7m", "-recip", "c.pem", "-inkey", "k.pem"],
        cwd=tmp_path, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    assert rows_of(opened) == [{"birth_year": "1990", "sex": "male"}]
    with pytest.raises(ValueError, match="padding|codec"):
        made_recipient().opened(content)


def test_a_leaked_file_is_traced_to_its_request(exports: Exports) -> None:
    from pccovid.bulk_export.exporting import trace

    first, second = exports.approved(), exports.approved()
    assert {first, second} <= set(exports.make())
    leaked = exports.download("steward", second)
    with exports.made.connect("jobs", autocommit=True) as jobs:
        found = trace(jobs, leaked, secret=SECRET)
        without_key = trace(jobs, leaked, secret=b"another key")
    assert [(one.number, marks.references) for one, marks in found] == [(second, 1)]
    assert without_key == ()


def test_every_column_of_every_purpose_can_be_exported(exports: Exports) -> None:
    from pccovid.bulk_export.rules import COLUMNS, PURPOSES

    numbers = [
        exports.approved(purpose=code, columns=purpose.columns, by=by, area="00001")
        for code, purpose in PURPOSES.items()
        if (by := {"data_steward": "steward", "health_station": "station"}.get(purpose.askers[0]))
    ]
    assert set(numbers) <= set(exports.make())
    assert {name for purpose in PURPOSES.values() for name in purpose.columns} == set(COLUMNS)
