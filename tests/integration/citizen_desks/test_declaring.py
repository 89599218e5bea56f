"""A citizen declares on the pages; the facts, the ledger and the commune's queue have it; the station answers."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from integration.console.made_index import AN, BINH, NOW, Console
from integration.security.people_in_sight import citizen_browser

HEALTHY = {"symptoms": "none", "contact_case": "no", "contact_from_sick_country": "no", "contact_sick": "no",
           "has_travelled": "no"}  # fmt: skip
MISSING = {"nationality": "VN"}


def begins(client: Any, form: str, whom: str = "") -> str:
    """The address of the form that was begun."""
    answer = client.post("/khai-bao", {"form": form, "whom": whom})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def sends(client: Any, address: str, **answers: Any) -> Any:
    return client.post(address, {"act": "send", **MISSING, **answers})


@pytest.fixture
def an(console: Console) -> Any:
    with console.owner() as owner:
        owner.execute(
            "DELETE FROM access.declaration_withdrawal;"
            " DELETE FROM access.triage_step; DELETE FROM access.triage; DELETE FROM access.declaration_draft;"
            " DELETE FROM declarations_declaration; DELETE FROM movement_trip; DELETE FROM border_entry;"
            " DELETE FROM people_recordclaim WHERE system = 'pccovid'; DELETE FROM people_relationship;"
            " UPDATE people_person SET nationality = NULL;"
        )
    return citizen_browser(console, AN)


def ledger(console: Console) -> tuple[int, int]:
    with console.owner() as owner:
        row = owner.execute(
            "SELECT coalesce(sum(received), 0), coalesce(sum(linked), 0) FROM people_importfile"
            " WHERE system = 'pccovid'"
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def declared(console: Console, *columns: str) -> list[tuple[Any, ...]]:
    with console.owner() as owner:
        return owner.execute(
            f"SELECT {', '.join(columns)} FROM declarations_declaration ORDER BY recorded_at"
        ).fetchall()


def test_a_declaration_is_a_source_record_linked_to_the_person_and_a_self_declared_fact(
    console: Console, an: Any
) -> None:
    before = ledger(console)
    address = begins(an, "domestic")
    assert sends(an, address, **{**HEALTHY, "has_travelled": "yes", "travel_note": "Đà Nẵng, 1/10"}).status_code == 302
    ((person, system, provenance, form, is_other, symptoms, note, answers, record),) = declared(
        console, "person_id", "source_system", "provenance", "form", "is_for_other", "symptoms", "travel_note",
        "answers", "record_id",
    )  # fmt: skip
    assert (person, system, provenance, form, is_other) == (AN, "pccovid", "self_declared", "domestic", False)
    assert (symptoms, note) == ([], "Đà Nẵng, 1/10")
    assert answers == {"has_travelled": "yes", "has_symptom": "no", "contact_case": "no", "contact_sick": "no",
                       "contact_from_sick_country": "no"}  # fmt: skip
    assert ledger(console) == (before[0] + 1, before[1] + 1)
    with console.owner() as owner:
        assert owner.execute(
            "SELECT l.person_id, l.decision, left(s.payload, 2), c.person_id FROM people_sourcerecord s"
            " JOIN people_link l USING (record_id) JOIN people_recordclaim c USING (record_id)"
            " WHERE s.record_id = %s", [record],
        ).fetchall() == [(AN, "exact", "s:", AN)]  # fmt: skip
    assert "Khai trên PC-Covid" in an.get("/ho-so/khai-bao").content.decode()


def test_what_was_declared_once_is_known_and_not_asked_again(console: Console, an: Any) -> None:
    address = begins(an, "domestic")
    assert 'name="nationality"' in an.get(address).content.decode()
    assert sends(an, address, **HEALTHY).status_code == 302
    with console.owner() as owner:
        assert owner.execute("SELECT nationality FROM people_person WHERE id = %s", [AN]).fetchone() == ("VN",)
    again = an.get(begins(an, "daily")).content.decode()
    assert 'name="nationality"' not in again
    assert 'name="symptoms"' in again
    assert not re.search(r'name="(name|birth_date|sex|document|phone|residence)"', again)


def test_sending_twice_is_one_declaration(console: Console, an: Any) -> None:
    address = begins(an, "domestic")
    sends(an, address, **HEALTHY)
    sends(an, address, **HEALTHY)
    assert len(declared(console, "id")) == 1
    assert "Đã gửi tờ khai" in an.get(address).content.decode()


def test_a_draft_survives_and_lies_sealed_and_a_missing_answer_is_told(console: Console, an: Any) -> None:
    address = begins(an, "domestic")
    an.post(address, {"act": "save", "travel_note": "Huế", "symptoms": ["cough", "fever"]})
    page = an.get(address).content.decode()
    assert "Huế" in page
    assert re.search(r'value="cough" checked', page)
    answer = sends(an, address, travel_note="Huế")
    assert answer.status_code == 422
    assert "Cần trả lời câu này" in answer.content.decode()
    with console.owner() as owner:
        ((sealed,),) = owner.execute("SELECT sealed FROM access.declaration_draft").fetchall()
    assert sealed.startswith("s:")
    assert "Huế" not in sealed
    assert begins(an, "domestic") == address


def test_nobody_else_sees_or_sends_a_form_in_hand(console: Console, an: Any) -> None:
    address = begins(an, "domestic")
    binh = citizen_browser(console, BINH)
    assert binh.get(address).status_code == 404
    assert binh.post(address, {"act": "send", **HEALTHY}).status_code == 404
    assert declared(console, "id") == []


@pytest.mark.parametrize("whom", [f"own:{BINH}", f"tie:{UUID(int=4321)}", "own:x", "tie:"])
def test_nobody_declares_for_a_stranger(console: Console, an: Any, whom: str) -> None:
    assert an.post("/khai-bao", {"form": "daily", "whom": whom}).status_code == 422


def tie(owner: psycopg.Connection, kind: str, provenance: str) -> UUID:
    """An has said something of Bình: a tie of that kind."""
    made = uuid4()
    theirs = owner.execute("SELECT record_id FROM people_recordclaim WHERE person_id = %s", [BINH]).fetchone()
    mine = owner.execute(
        "SELECT record_id, kind FROM people_recordclaim WHERE person_id = %s AND system <> 'pccovid'", [AN]
    ).fetchone()
    assert theirs
    assert mine
    owner.execute(
        "INSERT INTO people_relationship (id, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, kind, role, other_system, other_kind, other_key, other_record_id)"
        " VALUES (%s, %s, %s, %s, 'ncovi', %s, %s, %s, 'mẹ', 'vneid', 'vneid', '', %s)",
        [made, BINH, theirs[0], theirs[0], provenance, NOW, kind, mine[0]],
    )
    return made


def test_for_a_family_member_only_what_is_new_is_asked_and_nothing_of_theirs_is_shown(
    console: Console, an: Any
) -> None:
    with console.owner() as owner:
        made = tie(owner, "household", "self_declared")
    address = begins(an, "daily", f"tie:{made}")
    page = an.get(address).content.decode()
    assert "Trần Thị Bình" in page
    assert not re.search(r'name="(name|birth_date|sex|nationality|document|phone|residence|chronic_diseases)"', page)
    assert "079190000002" not in page
    assert "0912000002" not in page
    assert sends(an, address, symptoms="cough", contact_case="no").status_code == 302
    assert declared(console, "person_id", "is_for_other", "symptoms") == [(BINH, True, ["cough"])]
    assert "người khác khai giúp" in citizen_browser(console, BINH).get("/ho-so/khai-bao").content.decode()
    with console.owner() as owner:
        owner.execute("UPDATE people_relationship SET superseded_at = now()")
    assert an.post("/khai-bao", {"form": "daily", "whom": f"tie:{made}"}).status_code == 422


def test_a_journey_and_an_entry_are_facts_of_their_own_beside_the_declaration(console: Console, an: Any) -> None:
    moving = begins(an, "movement")
    assert 'value="Phường Phúc Xá' in an.get(moving).content.decode()
    today = NOW.date()
    answer = sends(
        an, moving, departure_place="Hà Nội", destination_place="Vinh", transport="ô tô", departed_at=f"{today}T08:30",
        symptoms="none", contact_case="no",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    entering = begins(an, "entry")
    answer = sends(
        an, entering, gate="Nội Bài", vehicle_kind="máy bay", departed_on=str(today - timedelta(days=1)),
        entered_on=str(today), departure_country="KR", destination_province="Hà Nội", symptoms="none",
        contact_sick="no", contact_animals="no",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    with console.owner() as owner:
        trips = owner.execute("SELECT person_id, destination_place, provenance FROM movement_trip").fetchall()
        entries = owner.execute("SELECT person_id, gate, departure_country, entered_on FROM border_entry").fetchall()
    assert trips == [(AN, "Vinh", "self_declared")]
    assert entries == [(AN, "Nội Bài", "KR", today)]
    assert [row[0] for row in declared(console, "form")] == ["movement", "entry"]


def test_danger_tells_the_person_at_once_and_reaches_the_communes_queue(console: Console, an: Any) -> None:
    address = begins(an, "daily")
    sends(an, address, symptoms=["fever", "dyspnoea"], contact_case="no", chronic_diseases="none")
    page = an.get(address).content.decode()
    assert "Gọi 115 ngay" in page
    assert "khó thở" in page
    station = console.sign_in("station")
    queue = station.get("/can-bo/khai-bao").content.decode()
    (number,) = set(re.findall(r"/can-bo/khai-bao/(\d+)", queue))
    assert "Nguyễn Văn An" not in queue
    shown = station.get(f"/can-bo/khai-bao/{number}").content.decode()
    assert "Nguyễn Văn An" in shown
    assert "0912000001" in shown
    assert ("health_station", f"KB-{number}") in [(role, case) for role, case, _ in console.shown_to(AN)]
    answer = station.post(f"/can-bo/khai-bao/{number}", {"act": "send_to_hospital", "told": "Xe cấp cứu đang đến."})
    assert answer.status_code == 302, answer.content.decode()
    assert f"/can-bo/khai-bao/{number}" not in station.get("/can-bo/khai-bao").content.decode()
    told = an.get(address).content.decode()
    assert "Xe cấp cứu đang đến." in told
    assert "đã chuyển bệnh viện" in told
    assert "Cán bộ station" not in told


def test_a_station_elsewhere_has_no_line_and_opens_none(console: Console, an: Any) -> None:
    from pccovid.officers.operations import appoint

    sends(an, begins(an, "daily"), symptoms="dyspnoea", contact_case="no", chronic_diseases="none")
    with console.owner() as owner:
        (number,) = owner.execute("SELECT id FROM access.triage").fetchone() or (0,)
        account = owner.execute("SELECT id FROM auth_user WHERE username = 'far-tracer'").fetchone()
        assert account
        appoint(owner, officer=account[0], role="health_station", area="27259", office="Trạm khác", by="t", now=NOW)
    far = console.sign_in("far-tracer")
    offices = far.get("/can-bo/chuc-vu").content.decode()
    for chosen in re.findall(r'name="appointment" value="(\d+)"', offices):
        far.post("/can-bo/chuc-vu", {"appointment": chosen})
        assert far.get(f"/can-bo/khai-bao/{number}").status_code in (403, 404)
        assert f"KB-{number}" not in far.get("/can-bo/khai-bao").content.decode()


def test_a_step_is_refused_without_words_and_after_the_end(console: Console, an: Any) -> None:
    sends(an, begins(an, "daily"), symptoms="fever", contact_case="no", chronic_diseases="none")
    with console.owner() as owner:
        (number,) = owner.execute("SELECT id FROM access.triage").fetchone() or (0,)
    station = console.sign_in("station")
    address = f"/can-bo/khai-bao/{number}"
    assert station.post(address, {"act": "advise", "told": "ngắn"}).status_code == 422
    assert station.post(address, {"act": "not_reached", "note": "Gọi hai lần không ai nghe"}).status_code == 302
    assert station.post(address, {"act": "advise", "told": "Uống nhiều nước, đo nhiệt độ."}).status_code == 302
    assert station.post(address, {"act": "visit", "told": "Trạm sẽ đến thăm bạn."}).status_code == 422
    with console.owner() as owner:
        assert owner.execute("SELECT act FROM access.triage_step ORDER BY id").fetchall() == [
            ("not_reached",), ("advise",),
        ]  # fmt: skip


def test_thirty_forms_a_day_are_the_most(console: Console, an: Any) -> None:
    with console.owner() as owner:
        owner.execute(
            "INSERT INTO access.declaration_draft (form, version, person_id, by_person, sent_at, fact_id, level)"
            " SELECT 'daily', 1, %s, %s, now(), gen_random_uuid(), 'none' FROM generate_series(1, 30)",
            [AN, AN],
        )
    answer = an.post("/khai-bao", {"form": "daily", "whom": ""})
    assert answer.status_code == 422
    assert "Ba mươi" in answer.content.decode()


def test_the_payload_keeps_the_form_its_version_and_what_was_not_asked(console: Console, an: Any) -> None:
    from pccovid.people.numbers import shown_payload

    sends(an, begins(an, "domestic"), **HEALTHY)
    ((record,),) = declared(console, "record_id")
    with console.owner() as owner:
        row = owner.execute("SELECT payload FROM people_sourcerecord WHERE record_id = %s", [record]).fetchone()
    assert row
    payload = json.loads(shown_payload(row[0], record))
    assert (payload["form"], payload["version"], payload["level"]) == ("domestic", 1, "none")
    assert {"name", "birth_date", "sex", "document", "phone", "residence"} <= set(payload["known"])


def test_a_guardian_declares_for_a_child_until_the_day_it_comes_of_age(console: Console, an: Any) -> None:
    with console.owner() as owner:
        tie(owner, "guardian", "official")
        owner.execute("UPDATE people_person SET birth_date = current_date - interval '17 years' WHERE id = %s", [BINH])
    try:
        assert "Trần Thị Bình" in an.get("/khai-bao").content.decode()
        first = begins(an, "daily", f"own:{BINH}")
        answers = {"symptoms": "none", "contact_case": "no", "chronic_diseases": "none"}
        assert sends(an, first, **answers).status_code == 302
        assert declared(console, "person_id", "is_for_other") == [(BINH, True)]
        second = begins(an, "domestic", f"own:{BINH}")
        with console.owner() as owner:
            owner.execute("UPDATE people_person SET birth_date = current_date - interval '18 years 1 day'"
                          " WHERE id = %s", [BINH])  # fmt: skip
        assert sends(an, second, **HEALTHY).headers["Location"] == "/khai-bao"
        assert len(declared(console, "id")) == 1
        assert an.post("/khai-bao", {"form": "daily", "whom": f"own:{BINH}"}).status_code == 422
    finally:
        with console.owner() as owner:
            owner.execute("UPDATE people_person SET birth_date = '1990-05-17' WHERE id = %s", [BINH])
