"""With row security, the pages' statements still find rows by key: none reads a personal table from end to end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from conftest import MadeDatabase, database_from, use_in_django
from integration.access.made_nation import HOMES, TODAY
from integration.access.row_filler import Filler, many_person, read_tables
from pccovid.foundation.one_trip import Together

PEOPLE = 4_000
DAYS = 40
ONE = many_person(1234)
MOMENTS = {"movement_visit": "entered_at", "movement_trip": "departed_at", "movement_scan": "scanned_at"}
_SMALL = ("case_definition", "contact_rule", "infectious_rule", "log_period", "sandbox_day")
"""Rules and the like: a handful of lines, of nobody."""
_PARTITION = re.compile(r"_(d\d{8}|rest)$")
_PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="module")
def grown(prepared_url: str, home: Path) -> MadeDatabase:
    """Some thousand people with a row each in every personal table."""
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        tables = read_tables(owner)
        filler = Filler(owner, tables, TODAY, TODAY, HOMES)
        personal = [name for name, table in tables.items() if table.is_secured]
        filler.fill(personal)
        filler.fill_many(personal, PEOPLE)
        for table, moment in MOMENTS.items():
            spread_over_days(owner, table, moment)
        owner.execute("INSERT INTO access.sandbox_day (day) VALUES (%s)", [TODAY + timedelta(hours=1)])
        # As autovacuum does sooner or later: the partition that every row was moved out of then has no page left.
        owner.execute("VACUUM ANALYZE")
    return made


@pytest.fixture
def as_web(grown: MadeDatabase) -> Iterator[MadeDatabase]:
    use_in_django(grown, "web")
    with override_settings(STORAGES=_PLAIN_FILES):
        yield grown


def spread_over_days(owner: psycopg.Connection, table: str, moment: str) -> None:
    """Give the rows of a table dates on the last forty days, and put them into the partitions of these."""
    first = TODAY.date() - timedelta(days=DAYS - 1)
    owner.execute(
        "SELECT access.add_days(%s, ARRAY(SELECT %s::date + n FROM generate_series(0, %s) n))", [table, first, DAYS - 1]
    )
    owner.execute(
        f"UPDATE {table} SET {moment} = %s - abs(hashtext(id::text) %% {DAYS}) * interval '1 day'", [TODAY]
    )  # fmt: skip
    owner.execute(f"UPDATE {table} SET day = access.movement_day({moment}, recorded_at)")


class Explained:
    """Asks for the plan of each statement just before it runs, in the same context."""

    def __init__(self) -> None:
        self.plans: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, execute: Any, statement: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if isinstance(params, Together):
            return self._trip(execute, statement, params, many, context)
        text = statement if isinstance(statement, str) else statement.as_string(context["cursor"].connection)
        if text.startswith("SELECT") and "access.open" not in text:
            with context["connection"].connection.cursor() as cursor:
                (plan,) = cursor.execute("EXPLAIN (FORMAT JSON) " + text, params).fetchone()
            self.plans.append((text, plan[0]["Plan"]))
        return execute(statement, params, many, context)

    def _trip(self, execute: Any, statement: Any, together: Together, many: bool, context: dict[str, Any]) -> Any:
        """The same for statements of one trip: each plan is asked for in the trip itself, after the opening."""
        opening, *reads = together
        asked = [(f"EXPLAIN (FORMAT JSON) {sql}", params) for sql, params in reads]
        opened, *answers = execute(statement, Together([opening, *asked, *reads]), many, context)
        for (sql, _), ((plan,),) in zip(reads, answers[: len(reads)], strict=True):
            self.plans.append((sql, plan[0]["Plan"]))
        return [opened, *answers[len(reads) :]]

    def nodes(self) -> Iterator[tuple[str, str]]:
        """(kind of node, table) of every node of every plan."""
        waiting = [plan for _, plan in self.plans]
        while waiting:
            node = waiting.pop()
            yield kind_of(node), node.get("Relation Name", "")
            waiting += node.get("Plans", [])


def kind_of(node: dict[str, Any]) -> str:
    """The kind of a node; a table without a single page is read whole for nothing."""
    below = sum(plan["Total Cost"] for plan in node.get("Plans", []))
    is_of_nothing = node["Node Type"] == "Seq Scan" and node["Total Cost"] - below < 0.01
    return "Seq Scan of nothing" if is_of_nothing else str(node["Node Type"])


def plans_of(browser: Any, address: str) -> Explained:
    from django.db import connection

    explained = Explained()
    with connection.execute_wrapper(explained):
        answer = browser.get(address, HTTP_USER_AGENT="bench", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    return explained


def plans_within(owner: psycopg.Connection, opening: str, statements: list[str]) -> Explained:
    """What functions ask inside themselves, in an access that is opened first: their statements run as the owner."""
    explained = Explained()

    def note(diagnostic: psycopg.errors.Diagnostic) -> None:
        text = diagnostic.message_primary or ""
        if "plan:" in text:
            plan = json.loads(text[text.index("{") :])
            explained.plans.append((plan["Query Text"], plan["Plan"]))

    with owner.transaction():
        owner.execute(opening)
        owner.execute(
            "LOAD 'auto_explain'; SET LOCAL auto_explain.log_min_duration = 0;"
            " SET LOCAL auto_explain.log_format = json;"
            " SET LOCAL auto_explain.log_nested_statements = on; SET LOCAL client_min_messages = log;"
            # A day of a hundred visits is read whole sooner than by a key: what has no key at all is looked for.
            " SET LOCAL enable_seqscan = off"
        )
        owner.add_notice_handler(note)
        for statement in statements:
            owner.execute(statement)
        owner.remove_notice_handler(note)
    return explained


def assert_no_personal_table_is_read_whole(explained: Explained, *read: str) -> None:
    touched = {_PARTITION.sub("", table) for _, table in explained.nodes()}
    assert touched >= set(read)
    whole = {_PARTITION.sub("", table) for kind, table in explained.nodes() if kind == "Seq Scan"}
    assert {table for table in whole - set(_SMALL) if not table.startswith(("django_", "auth_"))} == set()


def test_the_citizens_home_page_finds_every_row_by_key(as_web: MadeDatabase) -> None:
    from pccovid.config.benches.asking_pages import citizens_browser

    explained = plans_of(citizens_browser(ONE), "/ho-so")
    assert_no_personal_table_is_read_whole(
        explained, "people_person", "people_identifier", "people_recordclaim", "vaccination_dose", "movement_visit"
    )


def test_the_officers_page_of_a_person_finds_every_row_by_key(as_web: MadeDatabase) -> None:
    from pccovid.config.benches.asking_pages import officers_browser
    from pccovid.officers.operations import appoint, enrol
    from pccovid.officers.sandbox import give_codes

    now = datetime.now(UTC) - timedelta(hours=1)
    with as_web.connect("owner", autocommit=True) as owner:
        officer = enrol(owner, username="planner", full_name="Cán bộ", password="một mật khẩu dài", now=now)
        give_codes(owner, officer=officer)
        appoint(owner, officer=officer, role="tracer", area="01", office="Cơ quan thử", by="test", now=now)
    explained = plans_of(officers_browser(officer), f"/can-bo/nguoi/{ONE}")
    assert_no_personal_table_is_read_whole(
        explained, "people_person", "people_link", "people_contactpoint", "lab_tests_test", "movement_visit"
    )


def test_the_tracers_page_of_a_case_finds_every_row_by_key(grown: MadeDatabase) -> None:
    """Its functions ask themselves who is in sight, so their own statements are looked at, not those that call them."""
    with grown.connect("owner", autocommit=True) as owner:
        (case,) = owner.execute("SELECT min(id) FROM access.trace_case WHERE joined_into IS NULL").fetchone() or (0,)
        owner.execute(
            "UPDATE access.trace_case SET person_id = %s, first_at = %s, starts_at = %s - interval '2 days',"
            " ends_at = %s WHERE id = %s",
            [ONE, *[TODAY - timedelta(days=5)] * 3, case],
        )
        owner.execute(
            "UPDATE access.trace_contact k SET case_id = %s, person_id = p.id"
            " FROM (SELECT id, row_number() OVER () n FROM people_person) p WHERE p.n = k.id AND k.id <= 40", [case],
        )  # fmt: skip
        owner.execute("ANALYZE")
        owner.execute(
            "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, appointed_by)"
            " VALUES (8, 'tracer', '01', 'Cơ quan thử', now() - interval '1 day', 'test')"
        )
        explained = plans_within(
            owner,
            "SELECT access.open('officer', '8', 'tracer', 'contact_tracing', 'test', 'area', NULL, '01', 'CA-1')",
            [f"SELECT * FROM access.{name}({case})" for name in (
                "trace_places_seen", "trace_cases_seen", "trace_contacts_seen", "trace_chain_seen")],
        )  # fmt: skip
    assert_no_personal_table_is_read_whole(explained, "trace_case", "trace_contact", "people_person", "movement_visit")


@pytest.mark.parametrize(("page", "table"), [("noi-da-den", "movement_visit"), ("di-lai", "movement_trip")])
def test_the_citizens_pages_of_movement_find_their_rows_by_an_index_of_every_day(
    as_web: MadeDatabase, page: str, table: str
) -> None:
    from pccovid.config.benches.asking_pages import citizens_browser

    explained = plans_of(citizens_browser(ONE), f"/ho-so/{page}")
    assert_no_personal_table_is_read_whole(explained, table)
    by_index = {name for kind, name in explained.nodes() if kind in ("Index Scan", "Bitmap Heap Scan")}
    assert len({name for name in by_index if name.startswith(f"{table}_d")}) == DAYS


@pytest.mark.parametrize(
    ("wanted", "table"),
    [
        ({"number": "001093029317"}, "people_identifier"),
        ({"phone": "0912345678"}, "people_contactpoint"),
        ({"name": "Nguyễn Văn An", "birth": "01/02/1993"}, "people_recordclaim"),
        ({"name": "Nguyễn Văn An", "birth": "1993"}, "people_recordclaim"),
    ],
)
def test_an_officers_search_in_an_area_finds_its_people_by_key(
    as_web: MadeDatabase, wanted: dict[str, str], table: str
) -> None:
    from django.db import connection

    from pccovid.foundation import access
    from pccovid.people.finding import Wanted, find_persons

    with as_web.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, appointed_by)"
            " VALUES (7, 'tracer', '01', 'Cơ quan thử', now() - interval '1 day', 'test')"
        )
    explained = Explained()
    reading = access.open(
        access.officer(7, "tracer"), purpose="contact_tracing", legal_basis="test", scope=access.area("01")
    )
    with reading, connection.execute_wrapper(explained):
        find_persons(Wanted(**wanted), today=TODAY.date())
    assert_no_personal_table_is_read_whole(explained, table)


def test_a_plan_that_reads_a_table_whole_would_be_noticed(as_web: MadeDatabase) -> None:
    from django.db import connection

    from pccovid.foundation import access

    explained = Explained()
    own = access.open(access.citizen(ONE), purpose="own_record", legal_basis="test", scope=access.own(ONE))
    with own, connection.execute_wrapper(explained), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person WHERE created_at < now()")
    assert ("Seq Scan", "people_person") in set(explained.nodes())
