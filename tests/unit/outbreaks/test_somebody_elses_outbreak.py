"""Other people's line lists, contacts and routes are understood by their columns, and what is not is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pccovid.sandbox.foreign_columns import normal
from pccovid.sandbox.foreign_moments import VIET_NAM, Manner, manner_of, when
from pccovid.sandbox.foreign_outbreak import Foreign, read_foreign
from pccovid.sandbox.outbreak_files import OutbreakIsUnreadable, read_outbreak, write_outbreak

ZERO = date(2021, 10, 4)
DAY_FIRST, MONTH_FIRST = Manner(False, ZERO), Manner(True, ZERO)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=VIET_NAM)  # type: ignore[misc,arg-type]


def folder_of(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def pairs(foreign: Foreign) -> set[tuple[str | None, str]]:
    return {(one.infector, one.infected) for one in foreign.outbreak.transmissions}


@pytest.mark.parametrize(("text", "manner", "expected"), [
    ("2020-02-03", DAY_FIRST, at(2020, 2, 3)), ("03/02/2020", DAY_FIRST, at(2020, 2, 3)),
    ("03/02/2020", MONTH_FIRST, at(2020, 3, 2)), ("3.2.20", DAY_FIRST, at(2020, 2, 3)),
    ("3-Feb-2020", DAY_FIRST, at(2020, 2, 3)), ("Feb 3, 2020", DAY_FIRST, at(2020, 2, 3)),
    ("20200203", DAY_FIRST, at(2020, 2, 3)), ("43864", DAY_FIRST, at(2020, 2, 3)),
    ("2", DAY_FIRST, at(2021, 10, 6)), ("2.5", DAY_FIRST, at(2021, 10, 6, 12)),
    ("2020-02-03T08:30", DAY_FIRST, at(2020, 2, 3, 8, 30)),
    ("3/2/2020 8:30 PM", DAY_FIRST, at(2020, 2, 3, 20, 30)),
    ("2020-02-03T01:30:00Z", DAY_FIRST, at(2020, 2, 3, 8, 30)),
    ("2020-02-03 10:30+0900", DAY_FIRST, at(2020, 2, 3, 8, 30)),
    ("31/02/2020", DAY_FIRST, None), ("tomorrow", DAY_FIRST, None), ("2020-02-03 25:00", DAY_FIRST, None),
])  # fmt: skip
def test_moments_are_read_as_people_write_them(text: str, manner: Manner, expected: datetime | None) -> None:
    found = when(text, manner)
    assert (found.at if found else None) == expected
    assert found is None or found.at.utcoffset() == VIET_NAM.utcoffset(None)


def test_a_column_tells_whether_its_months_come_first() -> None:
    assert not manner_of(["03/02/2020", "25/02/2020"], day_zero=ZERO).is_month_first
    assert manner_of(["03/02/2020", "02/25/2020"], day_zero=ZERO).is_month_first
    assert not manner_of(["03/02/2020"], day_zero=ZERO).is_month_first


def test_headers_are_known_whatever_their_case_marks_and_signs() -> None:
    assert normal("Ngày khởi phát") == "ngaykhoiphat"
    assert normal("Infected_By ") == "infectedby"


def test_patients_with_their_routes_are_understood(tmp_path: Path) -> None:
    """In the form in which the Korean patients of 2020 were published."""
    folder = folder_of(tmp_path, {
        "PatientInfo.csv": "patient_id,sex,infection_case,infected_by,contact_number,symptom_onset_date,"
        "confirmed_date,state\n"
        "1000000002,male,overseas inflow,,31,,2020-01-30,released\n"
        "1000000003,male,contact with patient,1000000002,17,2020-01-22,2020-01-30,released\n"
        "1000000005,female,contact with patient,\"1000000002, 1000000003\",2,,2020-01-31,released\n"
        "1000000009,female,contact with patient,1000000003,2,,,isolated\n",
        "PatientRoute.csv": "patient_id,global_num,date,province,city,type,latitude,longitude\n"
        "1000000002,2,2020-01-22,Seoul,Jung-gu,restaurant,37.56,126.99\n"
        "1000000003,3,2020-01-22,Seoul,Jung-gu,restaurant,37.56,126.99\n"
        "1000000003,3,2020-01-23,Seoul,Jung-gu,store,,\n",
    })  # fmt: skip
    foreign = read_foreign(folder)
    assert pairs(foreign) == {
        (None, "1000000002"), ("1000000002", "1000000003"), ("1000000002", "1000000005"), ("1000000003", "1000000005"),
    }  # fmt: skip
    first, second = foreign.outbreak.presences
    assert (first.place, first.place) == (second.place, "37.56,126.99")
    assert first.entered_at is not None
    assert first.left_at == first.entered_at + timedelta(hours=23, minutes=59)
    told = {one.file: one for one in foreign.accounts}
    assert (told["PatientInfo.csv"].taken_for, told["PatientInfo.csv"].rows) == ("line list", 3)
    assert told["PatientInfo.csv"].left_out == {"no date of test, report or onset": 1}
    assert told["PatientRoute.csv"].left_out == {"no person, place or time": 1}


def test_a_line_list_with_contacts_from_and_to_says_who_infected_whom_where_nothing_else_does(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {
        "linelist.tsv": "id\tage\tdt_onset\tdt_report\nP1\t68\t11/05/2015\t20/05/2015\nP2\t63\t18/05/2015\tNA\n",
        "contacts.csv": "from;to;exposure\nP1;P2;hospital room\nP2;P2;\n",
    })  # fmt: skip
    foreign = read_foreign(folder)
    assert ("P1", "P2") in pairs(foreign)
    assert [one.layer for one in foreign.outbreak.meetings] == ["hospital room"]
    assert {one.person: one.collected_at.date() for one in foreign.outbreak.specimens} == {
        "P1": date(2015, 5, 20), "P2": date(2015, 5, 18),
    }  # fmt: skip


def met(foreign: Foreign) -> set[tuple[str, str, date | None]]:
    return {(one.person, one.other, one.on) for one in foreign.outbreak.declared}


def test_relationships_with_what_each_person_is_tell_pairs_and_whom_cases_declared(tmp_path: Path) -> None:
    """As Go.Data's cases and relationships are written after they were cleaned for analysis."""
    folder = folder_of(tmp_path, {
        "cases.csv": "id,visual_id,classification,date_of_onset,date_of_reporting\n"
        "x1,CASE-1,LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_CONFIRMED,2020-03-01,2020-03-03\n"
        "x2,CASE-2,Confirmed,2020-03-06,2020-03-07\n"
        "x3,CASE-3,LNG_REFERENCE_DATA_CATEGORY_CASE_CLASSIFICATION_NOT_A_CASE_DISCARDED,,2020-03-07\n",
        "relationships.csv": "id,source_person_id,source_person_visual_id,target_person_id,target_person_visual_id,"
        "source_person_type,target_person_type,date_of_last_contact\n"
        "r1,x1,CASE-1,x2,CASE-2,CASE,CASE,2020-03-02\nr2,x1,CASE-1,y1,CONTACT-1,CASE,CONTACT,2020-03-02\n"
        "r3,e1,EVENT,x1,CASE-1,EVENT,CASE,\n",
    })  # fmt: skip
    foreign = read_foreign(folder)
    assert {one.person for one in foreign.outbreak.specimens} == {"CASE-1", "CASE-2"}
    assert pairs(foreign) - {(None, "CASE-1"), (None, "CASE-3")} == {("CASE-1", "CASE-2")}
    assert met(foreign) == {
        ("CASE-1", "CASE-2", date(2020, 3, 2)), ("CASE-1", "CONTACT-1", date(2020, 3, 2)),
    }  # fmt: skip
    told = {one.file: one for one in foreign.accounts}["relationships.csv"]
    assert (told.taken_for, told.left_out) == ("relationships", {"an event, which is nobody": 1})


def test_contacts_with_their_source_case_are_not_taken_for_people_who_fell_ill(tmp_path: Path) -> None:
    """As SORMAS exports cases and contacts, with a second line of captions."""
    folder = folder_of(tmp_path, {
        "cases.csv": "uuid,reportDate,symptoms.onsetDate,caseClassification\nCase ID,Date of report,Onset date,Status\n"
        "AAA,2020-03-03,2020-03-01,CONFIRMED\nBBB,2020-03-08,2020-03-06,CONFIRMED\nCCC,2020-03-08,,NO_CASE\n",
        "contacts.csv": "uuid,sourceCaseUuid,caseClassification,contactClassification,lastContactDate,reportDate,"
        "contactProximity,resultingCaseUuid\nK-1,AAA,CONFIRMED,CONFIRMED,2020-03-02,2020-03-03,SAME_ROOM,\n"
        "K-2,AAA,CONFIRMED,CONFIRMED,2020-03-02,2020-03-03,TOUCHED,BBB\n",
    })  # fmt: skip
    foreign = read_foreign(folder)
    assert {one.person for one in foreign.outbreak.specimens} == {"AAA", "BBB"}
    assert ("AAA", "BBB") in pairs(foreign)
    assert met(foreign) == {("AAA", "K-1", date(2020, 3, 2)), ("AAA", "BBB", date(2020, 3, 2))}
    assert {one.layer for one in foreign.outbreak.declared} == {"SAME_ROOM", "TOUCHED"}


def test_pairs_named_case_and_infector_and_contacts_within_a_line_list_are_understood(tmp_path: Path) -> None:
    """As R's packages of outbreaks write them."""
    folder = folder_of(tmp_path, {
        "linelist.csv": "case_id,date_of_infection,date_of_onset,contact1.id,contact1.date,contact2.id,contact2.date\n"
        "d1,NA,2014-04-07,f5,2014-04-08,NA,NA\nf5,2014-04-09,2014-04-15,d1,,k9,2014-04-14\n",
        "contacts.csv": "infector,case_id,source\nd1,f5,funeral\n",
    })  # fmt: skip
    foreign = read_foreign(folder)
    (one,) = (one for one in foreign.outbreak.transmissions if one.infector)
    assert (one.infector, one.infected, one.layer, one.on) == ("d1", "f5", "funeral", date(2014, 4, 15))
    assert met(foreign) == {
        ("d1", "f5", date(2014, 4, 8)), ("f5", "d1", None), ("f5", "k9", date(2014, 4, 14)),
    }  # fmt: skip


def test_vietnamese_headers_days_and_utf16_are_understood(tmp_path: Path) -> None:
    text = ("Mã BN,Ngày khởi phát,Ngày lấy mẫu,Kết quả,Nguồn lây,Mã hộ\nBN1,01/10/2021,03/10/2021,Dương tính,,H1\n"
            "BN2,,13/10/2021,Dương tính,BN1,H1\nBN3,,14/10/2021,Âm tính,,H2\n")  # fmt: skip
    foreign = read_foreign(folder_of(tmp_path, {"danh sach.csv": text.encode("utf-16")}))
    assert ("BN1", "BN2") in pairs(foreign)
    assert {one.person for one in foreign.outbreak.specimens} == {"BN1", "BN2"}
    assert {one.household for one in foreign.outbreak.residents} == {"H1", "H2"}


def test_what_was_understood_is_written_in_our_form_and_read_the_same(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {
        "cases.csv": "case_id,day_tested,onset\n",
        "line.csv": "case_id,onset\na,0\nb,4\n", "transmission.csv": "from,to\na,b\n",
        "visits.csv": "person,location,check-in,check-out\na,X,0.4,0.5\nb,X,0.41,\n",
    })  # fmt: skip
    foreign = read_foreign(folder)
    write_outbreak(tmp_path / "ours", foreign.outbreak)
    assert read_outbreak(tmp_path / "ours") == foreign.outbreak
    again = read_foreign(tmp_path / "ours").outbreak
    assert (set(again.specimens), set(again.presences)) == (
        set(foreign.outbreak.specimens), set(foreign.outbreak.presences)
    )  # fmt: skip
    assert pairs(foreign) == {(None, "a"), ("a", "b")}


def test_too_little_is_refused_with_what_was_found(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"weather.csv": "station,rain\n1,2\n", "line.csv": "id,onset\n,2020-01-01\n"})
    with pytest.raises(
        OutbreakIsUnreadable, match=r"line\.csv as line list, 0 rows, 1 left out: nobody named; weather\.csv as nothing"
    ):
        read_foreign(folder)


def test_a_line_list_alone_is_read_and_says_that_it_holds_no_truth(tmp_path: Path) -> None:
    foreign = read_foreign(folder_of(tmp_path, {"line.csv": "id,onset\na,2020-01-01\nb,2020-01-02\n"}))
    assert (foreign.has_truth, len(foreign.outbreak.specimens)) == (False, 2)
