"""Outbreaks in the forms in which they were published or exported, with everybody in them made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from pccovid.sandbox.foreign_moments import VIET_NAM, Manner, clocks_of, when
from pccovid.sandbox.foreign_outbreak import Account, Foreign, read_foreign
from pccovid.sandbox.foreign_people import People

DAY_FIRST = Manner(False, date(2021, 10, 4))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=VIET_NAM)  # type: ignore[misc,arg-type]


def read(folder: Path, **files: str | bytes) -> Foreign:
    for name, text in files.items():
        stem, ending = name.rsplit("_", 1)
        (folder / f"{stem}.{ending}").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_foreign(folder)


def pairs(foreign: Foreign) -> set[tuple[str | None, str]]:
    return {(one.infector, one.infected) for one in foreign.outbreak.transmissions if one.infector}


def account(foreign: Foreign, file: str) -> Account:
    return next(one for one in foreign.accounts if one.file.startswith(file))


@pytest.mark.parametrize(("text", "expected"), [
    ("3 févr. 2020", at(2020, 2, 3)), ("3 de febrero de 2020", at(2020, 2, 3)), ("2020年2月3日", at(2020, 2, 3)),
    ("2020. 2. 3.", at(2020, 2, 3)), ("ngày 3 tháng 2 năm 2020", at(2020, 2, 3)), ("12 juin 2020", at(2020, 6, 12)),
    ("1 juillet 2020", at(2020, 7, 1)), ("February 3rd, 2020", at(2020, 2, 3)), ("43864,5", at(2020, 2, 3, 12)),
    ("1580688000", at(2020, 2, 3, 7)), ("2020-02-03 오후 8:30", at(2020, 2, 3, 20, 30)), ("21 Wuhan 2020", None),
])  # fmt: skip
def test_moments_are_read_in_the_languages_of_who_wrote_them(text: str, expected: datetime | None) -> None:
    found = when(text, DAY_FIRST)
    assert (found.at if found else None) == expected


def test_two_times_of_day_with_a_dash_are_from_and_until() -> None:
    assert [f"{one:%H:%M}" for one in clocks_of("8h30 ~ 21:45") or ()] == ["08:30", "21:45"]
    assert clocks_of("TJ1-TJ2") is None


@pytest.mark.parametrize(("text", "expected"), [
    ("Wuhan", ()), ("case TJ6 (family)", ("TJ6",)), ("family of TJ14  TJ25", ("TJ14", "TJ25")),
    ("colleague of cases TJ34 and TJ37", ("TJ34", "TJ37")), ("Wuhan, affect by TJ3", ("TJ3",)),
    ("sister of case 109", ("TJ109",)), ("shopping on Jan 21 with wife", ()), ("TJ50's family", ("TJ50",)),
    ("tj-007", ("TJ7",)), ("TJ500", ("TJ500",)), ("https://example.org/TJ6/17", ()), ("cas n° 12", ("TJ12",)),
])  # fmt: skip
def test_numbers_within_words_are_people_and_other_words_nobody(text: str, expected: tuple[str, ...]) -> None:
    people = People()
    for number in range(1, 136):
        people.add(f"TJ{number}")
    assert people.named_in(text) == expected


def test_several_numbers_of_one_cell_are_never_taken_for_one() -> None:
    people = People()
    for number in range(1, 60):
        people.add(str(number))
    assert people.named_in("2,3") == ("2", "3")
    assert (people.one("Case 017"), people.one("#17"), people.one("17.0"), people.one("1 and 7")) == (
        "17", "17", "17", None,
    )  # fmt: skip


def test_a_source_told_in_words_makes_pairs_and_the_rest_is_counted(tmp_path: Path) -> None:
    foreign = read(
        tmp_path,
        cases_csv="case_id,gender ,symptom_onset,confirm_date,Infection_source\nTJ1,F,14/01/2020,21/01/2020,Wuhan\n"
        "TJ2,M,NA,22/01/2020,family of case TJ1\nTJ3,F,none,,unknown\n",
    )
    assert pairs(foreign) == {("TJ1", "TJ2")}
    told = account(foreign, "cases")
    assert (told.left_out, told.lines) == (
        {"no date of test, report or onset": 1}, {"no date of test, report or onset": [4]},
    )  # fmt: skip
    assert (told.noted, told.unused) == ({"infector is nobody of the line list": 1}, ("gender",))


def test_related_cases_are_pairs_by_who_fell_ill_first_where_nothing_else_says_who(tmp_path: Path) -> None:
    text = (
        "CaseID,Related cases,date_onset_symptoms\n"
        '1,"2,3",2020-01-20\n2,1,2020-01-25\n3,1,2020-01-18\n4,NA,2020-02-01\n5,4,2020-02-01\n'
    )
    foreign = read(tmp_path, list_csv=text)
    assert pairs(foreign) == {("1", "2"), ("3", "1")}
    assert "who fell ill first" in account(foreign, "line lists").taken_for
    assert (len(foreign.outbreak.meetings), foreign.outbreak.declared) == (3, ())


def test_contacts_by_name_who_became_cases_are_pairs_and_the_others_are_not(tmp_path: Path) -> None:
    foreign = read(
        tmp_path,
        linelist_csv='"","id","case_name","case_type","date_onset","date_reporting"\n'
        '"1",1,"Ana Alder","confirmed",2023-01-01,2023-01-02\n"2",5,"Bo Birch","probable",2023-01-05,2023-01-06\n'
        '"3",9,"Cy Cedar","suspected",2023-01-06,2023-01-07\n',
        contacts_csv='"","from","to","date_first_contact","date_last_contact","was_case","status"\n'
        '"1","Ana Alder","Bo Birch",2022-12-31,2023-01-02,"Y","case"\n'
        '"2","Ana Alder","Di Elm",2023-01-01,2023-01-01,"N","under_followup"\n',
    )
    assert pairs(foreign) == {("Ana Alder", "Bo Birch")}
    assert {one.person for one in foreign.outbreak.specimens} == {"Ana Alder", "Bo Birch"}
    assert account(foreign, "linelist").noted == {"only suspected: no specimen": 1}
    days = [one.on for one in foreign.outbreak.declared if one.other == "Bo Birch"]
    assert days == [date(2022, 12, 31), date(2023, 1, 2)]


def test_pairs_with_the_days_of_both_need_no_line_list_and_an_address_is_no_infector(tmp_path: Path) -> None:
    dated = "infector.case,infectee.case,infector.onset,infectee.onset,confirm.infector,confirm.infectee\n"
    foreign = read(
        tmp_path,
        case_data_csv="case.no,onset.date,source\nHA1,28/1/20,https://example.org/202001/1/P1.htm\n",
        transmission_pairs_csv=dated + "HA1,HB2,28/1/20,30/1/20,10/2/20,11/2/20\nHB2,HC3,30/1/20,NA,NA,NA\n",
    )
    assert pairs(foreign) == {("HA1", "HB2"), ("HB2", "HC3")}
    assert {one.person: one.collected_at.date() for one in foreign.outbreak.specimens} == {
        "HA1": date(2020, 1, 28), "HB2": date(2020, 2, 11),
    }  # fmt: skip
    assert account(foreign, "case_data").unused == ("source",)


def workbook(file: Path) -> None:
    book = openpyxl.Workbook()
    cases = book.active
    assert cases is not None
    cases.title = "Casos"
    head = ["ID caso", "Fecha inicio síntomas", "Fecha toma de muestra", "Resultado", "Infectado por", "Observaciones"]
    day = datetime(2021, 5, 3)  # noqa: DTZ001 - as a spreadsheet holds it
    for row in (["Brote de la escuela"], [], head, [1, day, day, "POSITIVO", None, ""],
                [2, None, day + timedelta(days=4), "POSITIVO", 1, ""], [3, None, day, "Pendiente", None, ""],
                [4, None, day.replace(year=2012), "POSITIVO", None, ""]):  # fmt: skip
        cases.append(row)
    met = book.create_sheet("Contactos")
    for row in (["ID caso", "ID contacto", "Fecha último contacto"], ["001", "002", day], ["001", "C9", day]):
        met.append(row)
    book.save(file)


def test_a_workbook_with_a_title_and_sheets_is_read_and_numbers_that_lost_zeros_are_the_same(tmp_path: Path) -> None:
    workbook(tmp_path / "brote.xlsx")
    (tmp_path / "notes.docx").write_text("x")
    (tmp_path / "broken.xlsx").write_text("x")
    (tmp_path / "endless.csv").write_text("case_id,onset\n1," + "x" * (5 << 20))
    foreign = read_foreign(tmp_path)
    assert pairs(foreign) == {("1", "2")}
    assert {one.person for one in foreign.outbreak.specimens} == {"1", "2"}
    assert {(one.person, one.other) for one in foreign.outbreak.declared} == {("1", "2"), ("1", "C9")}
    told = account(foreign, "brote.xlsx: Casos")
    assert told.noted == {"lines above the headers, passed over": 1, "no result yet: no specimen": 1}
    assert told.unused == ("Observaciones",)
    assert account(foreign, "all files").left_out == {"a date more than two years from the others": 1}
    assert "no table" in next(iter(account(foreign, "notes.docx").left_out))
    assert "no workbook" in next(iter(account(foreign, "broken.xlsx").left_out))
    assert "no table that can be divided" in next(iter(account(foreign, "endless.csv").left_out))
    assert read_foreign(tmp_path / "brote.xlsx").outbreak == foreign.outbreak


def test_hours_beside_a_date_make_stays_past_midnight_too_and_a_country_s_own_code_page_is_read(tmp_path: Path) -> None:
    foreign = read(
        tmp_path,
        cas_txt="Numéro cas\tDate début symptômes\tInfecté par\n1\t2 août 2021\t\n2\t7 août 2021\tcas n° 1\n".encode(
            "utf-16"
        ),
        lieux_csv="Numéro cas;Lieu;Date;Heure arrivée;Heure départ\n1;Café  Rouge;01/08/2021;19h30;0h15\n"
        "2;café rouge;01/08/2021;20h00;\n".encode("cp1252"),
        항공편_csv="환자번호,항공편,좌석번호,출발일\n2,KE 672,10A,2021. 7. 28.\n".encode("cp949"),
    )
    assert pairs(foreign) == {("1", "2")}
    first, second = foreign.outbreak.presences
    assert (first.entered_at, first.left_at) == (at(2021, 8, 1, 19, 30), at(2021, 8, 2, 0, 15))
    assert (second.entered_at, second.left_at, second.place) == (at(2021, 8, 1, 20), None, first.place)
    (flight,) = foreign.outbreak.journeys
    assert (flight.vehicle, flight.seat, flight.departed_at) == ("KE 672", "10A", at(2021, 7, 28))


def test_a_district_is_no_place_where_coordinates_tell_more_and_floats_are_the_same_people(tmp_path: Path) -> None:
    foreign = read(
        tmp_path,
        PatientInfo_csv="patient_id,infected_by,confirmed_date\n1000000001,,2020-01-30\n1000000002,1000000001.0,2020-02-03\n",
        PatientRoute_csv="patient_id,date,location,latitude,longitude\n1000000001,22/01/2020,Seoul,37.56721,127.0\n"
        "1000000002,22/01/2020,Seoul,37.60001,127.0\n1000000002,23/01/2020,Seoul,37.56722,127.0\n",
    )
    assert pairs(foreign) == {("1000000001", "1000000002")}
    one, other, third = (stay.place for stay in foreign.outbreak.presences)
    assert (one == third, one == other) == (True, False)


def test_what_was_declared_is_heard_and_other_contacts_beside_it_are_the_truth(tmp_path: Path) -> None:
    foreign = read(
        tmp_path,
        tests_csv="person;collected_at\nP1;1/2/2020\nP2;3/2/2020\n",
        contacts_csv="person;other;day;layer\nP1;P2;30/1/2020;work\nP1;P3;30/1/2020;work\n",
        declared_csv="person;other;day;layer\nP1;P3;30/1/2020;work\n",
    )
    outbreak = foreign.outbreak
    assert ({one.other for one in outbreak.meetings}, [one.other for one in outbreak.declared]) == ({"P2", "P3"}, [])
    # Nothing else says who infected whom: two cases who met are taken for it, and nothing is declared any more.
    assert pairs(foreign) == {("P1", "P2")}
