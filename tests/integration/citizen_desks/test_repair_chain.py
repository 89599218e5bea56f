"""From "this is wrong" to a fact in its place: person, station, source, program; and what each of them cannot do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integration.console.made_index import AN, AN_RECORD, BINH, Console
from integration.security.people_in_sight import citizen_browser
from unit.corrections.test_states_values_and_photos import picture

DOSE = UUID(int=AN_RECORD.int + 3)
WRONG = {"fact": str(DOSE), "words": "Tôi tiêm Pfizer, không phải Vero Cell.", "product": "Pfizer"}
MISSED = {
    "product": "Moderna", "occurred_on": "2021-10-05", "site_name": "Trạm y tế Phúc Xá",
    "words": "Mũi này chưa có trong hồ sơ của tôi.",
}  # fmt: skip
TOLD = "Trạm đã xem phiếu tiêm của bạn."


@pytest.fixture
def an(console: Console) -> Any:
    with console.owner() as owner:
        for table in ("correction_notice", "correction_photo", "correction_value", "correction_step", "correction"):
            owner.execute(f"ALTER TABLE access.{table} DISABLE TRIGGER USER")
            owner.execute(f"DELETE FROM access.{table}")
            owner.execute(f"ALTER TABLE access.{table} ENABLE TRIGGER USER")
        owner.execute(
            "DELETE FROM vaccination_dose WHERE source_system <> 'sskdt';"
            " UPDATE vaccination_dose SET superseded_at = NULL"
        )
    return citizen_browser(console, AN)


def reports(client: Any, path: str, sent: dict[str, Any]) -> int:
    answer = client.post(path, sent)
    assert answer.status_code == 302, answer.content.decode()
    return int(re.search(r"/sua-sai/(\d+)$", answer.headers["Location"]).group(1))  # type: ignore[union-attr]


def steps(console: Console, officer: str, number: int, **given: str) -> int:
    return int(console.sign_in(officer).post(f"/can-bo/sua-sai/{number}", {"told": TOLD, **given}).status_code)


def works(console: Console) -> int:
    from pccovid.corrections.carrying_out import carry_out

    with console.made.connect("jobs", autocommit=True) as jobs:
        return carry_out(jobs, now=datetime.now(UTC))


def doses(console: Console) -> list[tuple[Any, ...]]:
    with console.owner() as owner:
        return owner.execute(
            "SELECT product, lot_number, source_system, provenance, superseded_at IS NULL FROM vaccination_dose"
            " WHERE person_id = %s ORDER BY recorded_at, superseded_at NULLS LAST", [AN],
        ).fetchall()  # fmt: skip


def state(console: Console, number: int) -> str:
    with console.owner() as owner:
        row = owner.execute("SELECT state FROM access.correction WHERE id = %s", [number]).fetchone()
    assert row
    return str(row[0])


def test_a_wrong_dose_is_superseded_once_station_and_source_have_signed(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    assert steps(console, "station", number, act="take_up") == 302
    confirmed = {"act": "confirm", "outcome": "values", "product": "Pfizer", "note": "Phiếu tiêm số 12"}
    assert steps(console, "station", number, **confirmed) == 302
    assert works(console) == 0
    assert steps(console, "steward", number, act="sign", note="Cơ sở đã trả lời") == 302
    assert works(console) == 1
    assert doses(console) == [
        ("Vero Cell", "LOT-77", "sskdt", "facility", False), ("Pfizer", "LOT-77", "repair", "facility", True),
    ]  # fmt: skip
    page = an.get(f"/sua-sai/{number}").content.decode()
    assert "Đã sửa" in page
    assert TOLD in page
    assert "Cơ quan station" in page
    assert "Cán bộ station" not in page
    assert "Phiếu tiêm số 12" not in page
    shown = an.get("/ho-so/tiem-chung").content.decode()
    assert "Pfizer" in shown
    assert "Vero Cell" not in shown
    assert {("health_station", f"SS-{number}"), ("data_steward", f"SS-{number}")} <= {
        (role, case) for role, case, _ in console.shown_to(AN)
    }


def test_the_person_sees_each_step_with_its_deadline(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    assert "Bước này chậm nhất" in an.get(f"/sua-sai/{number}").content.decode()
    steps(console, "station", number, act="take_up")
    steps(console, "station", number, act="ask_more")
    page = an.get(f"/sua-sai/{number}").content.decode()
    assert "Trạm y tế cần bạn bổ sung" in page
    photo = SimpleUploadedFile("anh.jpg", picture(), "image/jpeg")
    assert an.post(f"/sua-sai/{number}", {"act": "add", "words": "Đây là phiếu", "photo": photo}).status_code == 302
    assert state(console, number) == "checking"


def test_a_missing_dose_stands_as_self_declared_until_it_is_confirmed(console: Console, an: Any) -> None:
    photo = SimpleUploadedFile("anh.png", picture("PNG"), "image/png")
    number = reports(an, "/sua-sai/thieu/my-doses", {**MISSED, "photo": photo})
    page = an.get("/ho-so/tiem-chung").content.decode()
    assert "Moderna" in page
    assert "Tự khai" in page
    steps(console, "station", number, act="take_up")
    desk = console.sign_in("station")
    (address,) = re.findall(r'src="(/can-bo/sua-sai/\d+/anh/\d+)"', desk.get(f"/can-bo/sua-sai/{number}").text)
    answer = desk.get(address)
    assert (answer.headers["Content-Type"], answer.content[:2]) == ("image/jpeg", b"\xff\xd8")
    confirmed = {name: value for name, value in MISSED.items() if name != "words"}
    assert steps(console, "station", number, act="confirm", outcome="values", **confirmed) == 302
    assert steps(console, "steward", number, act="sign") == 302
    works(console)
    assert [row for row in doses(console) if row[4] and row[0] == "Moderna"] == [
        ("Moderna", None, "repair", "facility", True)
    ]


def test_a_photo_lies_sealed_and_a_file_that_is_none_is_refused(console: Console, an: Any) -> None:
    reports(an, "/sua-sai/thieu/my-doses", {**MISSED, "photo": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")})
    with console.owner() as owner:
        ((sealed,),) = owner.execute("SELECT sealed FROM access.correction_photo").fetchall()
    assert sealed.startswith("s:")
    evil = SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = an.post("/sua-sai/thieu/my-doses", {**MISSED, "occurred_on": "2021-08-05", "photo": evil})
    assert answer.status_code == 422
    assert "không phải ảnh" in answer.text
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.correction").fetchone() == (1,)


def test_a_file_that_is_too_large_is_never_taken_in(console: Console, an: Any) -> None:
    big = SimpleUploadedFile("a.jpg", b"\xff\xd8" + b"\0" * (7 * 1024 * 1024), "image/jpeg")
    answer = an.post("/sua-sai/thieu/my-doses", {**MISSED, "photo": big})
    assert answer.status_code == 422
    assert "6 MB" in answer.text


def test_what_was_refused_or_taken_back_leaves_no_self_declared_dose(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/thieu/my-doses", MISSED)
    steps(console, "station", number, act="take_up")
    assert steps(console, "station", number, act="refuse", told="Sổ tiêm không có mũi này.") == 302
    again = reports(an, "/sua-sai/thieu/my-doses", {**MISSED, "occurred_on": "2021-09-05"})
    assert an.post(f"/sua-sai/{again}", {"act": "withdraw"}).status_code == 302
    assert [row for row in doses(console) if row[2] == "pccovid" and row[4]] == []


def test_a_dose_of_somebody_else_is_taken_out_of_the_record(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", {"fact": str(DOSE), "words": "Tôi chưa tiêm mũi nào như vậy."})
    steps(console, "station", number, act="take_up")
    assert steps(console, "station", number, act="confirm", outcome="not_mine") == 302
    steps(console, "steward", number, act="sign")
    works(console)
    assert doses(console) == [("Vero Cell", "LOT-77", "sskdt", "facility", False)]


def test_the_source_may_object_and_the_station_looks_again(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    steps(console, "station", number, act="take_up")
    steps(console, "station", number, act="confirm", outcome="values", product="Pfizer")
    assert steps(console, "station", number, act="sign") == 404
    assert steps(console, "steward", number, act="object", told="Sổ của cơ sở ghi Vero Cell.") == 302
    assert state(console, number) == "checking"


@pytest.mark.parametrize("given", [
    {"act": "confirm"}, {"act": "confirm", "outcome": "values"}, {"act": "sign"}, {"act": "carry_out"},
    {"act": "refuse", "told": "ngắn"}, {"act": ""},
])  # fmt: skip
def test_a_step_that_is_not_possible_changes_nothing(console: Console, an: Any, given: dict[str, str]) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    steps(console, "station", number, act="take_up")
    assert steps(console, "station", number, **given) == 422
    assert state(console, number) == "checking"


def test_the_source_is_told_by_a_row_written_with_the_step(console: Console, an: Any) -> None:
    from pccovid.corrections.carrying_out import hand_on
    from pccovid.corrections.ports import Notice

    class Told:
        def __init__(self) -> None:
            self.notices: list[Notice] = []

        def tell(self, notice: Notice) -> None:
            self.notices.append(notice)

    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    steps(console, "station", number, act="take_up")
    steps(console, "station", number, act="confirm", outcome="values", product="Pfizer")
    told = Told()
    with console.made.connect("jobs", autocommit=True) as jobs:
        assert hand_on(jobs, told) == 1
        assert hand_on(jobs, told) == 0
    assert [(one.correction, one.kind, one.system, one.record) for one in told.notices] == [
        (number, "asked", "sskdt", AN_RECORD)
    ]


def test_nobody_disputes_another_persons_fact_or_reads_their_correction(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    binh = citizen_browser(console, BINH)
    assert binh.get(f"/sua-sai/{number}").status_code == 404
    assert binh.post(f"/sua-sai/{number}", {"act": "withdraw"}).status_code == 404
    assert binh.post("/sua-sai/muc/my-doses", WRONG).status_code in (200, 422)
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.correction").fetchone() == (1,)


def test_the_same_fact_is_disputed_once_at_a_time(console: Console, an: Any) -> None:
    reports(an, "/sua-sai/muc/my-doses", WRONG)
    answer = an.post("/sua-sai/muc/my-doses", WRONG)
    assert answer.status_code == 422
    assert "đang được xem" in answer.text


def test_another_office_or_area_has_no_correction_and_opens_none(console: Console, an: Any) -> None:
    number = reports(an, "/sua-sai/muc/my-doses", WRONG)
    assert steps(console, "steward", number, act="sign") == 404
    assert steps(console, "police", number, act="take_up") == 404
    assert f"SS-{number}" not in console.sign_in("steward").get("/can-bo/sua-sai").text


STAY, DIAGNOSIS, OXYGEN = UUID(int=AN_RECORD.int + 40), UUID(int=AN_RECORD.int + 41), UUID(int=AN_RECORD.int + 42)


@pytest.fixture
def treated(console: Console, an: Any) -> Any:
    """An with a stay, a diagnosis that is not theirs, and oxygen that is; the stay's hospital sent them."""
    origin = {"record_id": AN_RECORD, "source_record_id": AN_RECORD, "source_system": "facility.benh-vien-thu",
              "provenance": "facility", "person_id": AN, "stay_key": "dot-1"}  # fmt: skip
    rows = {
        "treatment_stay": {"id": STAY, "stay_class": "inpatient", "state": "finished", "facility": "Bệnh viện Thử"},
        "treatment_condition": {"id": DIAGNOSIS, "code_system": "icd10", "code": "E11", "diagnosis": "Đái tháo đường"},
        "treatment_procedure": {"id": OXYGEN, "code_system": "snomed", "code": "371907003", "procedure": "Thở oxy",
                                "is_done": True},
    }  # fmt: skip
    with console.owner() as owner:
        for table, row in rows.items():
            owner.execute(f"DELETE FROM {table} WHERE id = %s", [row["id"]])
            values = {**origin, **row}
            owner.execute(
                f"INSERT INTO {table} ({', '.join(values)}, recorded_at)"
                f" VALUES ({', '.join(['%s'] * len(values))}, now())", list(values.values()),
            )  # fmt: skip
    return an


def treatment_left(console: Console) -> list[str]:
    with console.owner() as owner:
        return [row[0] for row in owner.execute(
            "SELECT 'stay' FROM treatment_stay WHERE person_id = %(an)s AND superseded_at IS NULL"
            " UNION ALL SELECT diagnosis FROM treatment_condition WHERE person_id = %(an)s AND superseded_at IS NULL"
            " UNION ALL SELECT procedure FROM treatment_procedure WHERE person_id = %(an)s AND superseded_at IS NULL",
            {"an": AN})]  # fmt: skip


def test_a_diagnosis_that_is_not_theirs_is_reported_alone_and_taken_away_once_signed(
    console: Console, treated: Any
) -> None:
    page = treated.get("/sua-sai/muc/my-treatment").content.decode()
    assert all(str(one) in page for one in (STAY, DIAGNOSIS, OXYGEN)), "each part of a stay can be reported by itself"
    number = reports(treated, "/sua-sai/muc/my-treatment", {
        "fact": str(DIAGNOSIS), "words": "Tôi không bị đái tháo đường, ghi nhầm người.",
    })  # fmt: skip
    with console.owner() as owner:
        found = owner.execute("SELECT fact_table, fact_id FROM access.correction WHERE id = %s", [number]).fetchone()
    assert found == ("treatment_condition", DIAGNOSIS)
    assert steps(console, "station", number, act="take_up") == 302
    desk = console.sign_in("station").get(f"/can-bo/sua-sai/{number}").content.decode()
    assert "ghi nhầm người" in desk
    assert steps(console, "station", number, act="confirm", outcome="not_mine", note="Bệnh án số 7") == 302
    assert treatment_left(console) == ["stay", "Đái tháo đường", "Thở oxy"], "nothing is taken away before it is signed"
    assert steps(console, "steward", number, act="sign", note="Bệnh viện đã trả lời") == 302
    assert works(console) == 1
    assert treatment_left(console) == ["stay", "Thở oxy"]
    shown = treated.get("/ho-so/dieu-tri").content.decode()
    assert "Thở oxy" in shown
    assert "Đái tháo đường" not in shown


def test_treatment_of_somebody_else_cannot_be_reported(console: Console, treated: Any) -> None:
    sent = {"fact": str(DIAGNOSIS), "words": "Chẩn đoán này không phải của tôi."}
    other = citizen_browser(console, BINH)
    assert other.post("/sua-sai/muc/my-treatment", sent).status_code in (200, 422)
    with console.owner() as owner:
        assert owner.execute("SELECT count(*) FROM access.correction").fetchone() == (0,)
