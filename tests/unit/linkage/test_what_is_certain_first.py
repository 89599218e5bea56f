"""What is certain is joined before what is doubted; slips that are made often; who was written with two numbers."""

from __future__ import annotations

from itertools import islice, product

from unit.linkage.made_claims import Row, linked, record, together

PHONE, OTHER_PHONE = "0914365933", "0351321143"
HERS = {"sex": "female", "personal_id": "051189640655"}
QUANG_NGAI = {"commune_code": "21034", "district_code": "524", "province_code": "51"}
HA_NOI = {"commune_code": "09325", "district_code": "272", "province_code": "01"}
HOUSE = {"address": "Số 317, khu 2, Xã Đông, Huyện KBang", "commune_code": "23659", "district_code": "625",
         "province_code": "64"}  # fmt: skip


def test_what_agrees_in_everything_stays_together_whatever_a_third_record_says() -> None:
    hers = {"sex": "female", "old_id": "215160123", "phone": PHONE}
    rows = [
        record("ncovi:1", "Nguyễn Tuyết Vy", "16/07/1989", **hers),
        record("sskdt:1", "Nguyễn Tuyết Vy", "16/07/1989", **hers, **QUANG_NGAI),
        # Her card stands with two personal ids, of which one is not hers.
        record("tokhaiyte:1", "Nguyễn Tuyết Vy", "1989", **hers, personal_id="051189640655"),
        record("tokhaiyte:2", "Nguyễn Tuyết Vy", "1989", **hers, personal_id="079189112233"),
    ]
    outcome = linked(*rows)
    assert together(outcome, "ncovi:1", "sskdt:1")
    assert not together(outcome, "tokhaiyte:1", "tokhaiyte:2")


def test_a_record_that_fits_two_of_different_years_makes_them_one_where_they_are_through_it() -> None:
    rows = [
        record("ncovi:1", "Nguyễn Tuyết Vy", "16/07/1989", **HERS, phone=OTHER_PHONE, **QUANG_NGAI),
        record("sskdt:1", "Nguyễn Tuyết Vy", "16/07/1988", **HERS, phone=PHONE, **QUANG_NGAI),
        record("tokhaiyte:1", "Nguyễn Tuyết Vy", "1989", **HERS, phone=OTHER_PHONE, **HA_NOI),
    ]
    assert together(linked(*rows), "ncovi:1", "sskdt:1", "tokhaiyte:1")
    # Without it the two are a namesake's number, typed by mistake.
    assert not together(linked(*rows[1:]), "sskdt:1", "tokhaiyte:1")


def test_two_numbers_of_one_name_birthday_and_phone_are_one_persons_unless_both_are_verified() -> None:
    her = {"sex": "female", "phone": PHONE}
    known = record("vneid:1", "Nguyễn Hoài Anh", "19/08/1983", **her, personal_id="002183547717", id_verified=True)
    typed = record("sampling:1", "Nguyễn Hoài Anh", "19/08/1983", **her, personal_id="079183112233")
    assert together(linked(known, typed), "vneid:1", "sampling:1")
    assert not together(linked(known, typed | {"id_verified": True}), "vneid:1", "sampling:1")
    assert not together(linked(known, typed | {"phone": OTHER_PHONE}), "vneid:1", "sampling:1")
    another_spelling = record("sampling:1", "Nguyễn Hoài Ánh", "19/08/1983", **her, personal_id="079183112233")
    assert not together(linked(known, another_spelling), "vneid:1", "sampling:1")


def test_two_old_cards_of_one_name_and_phone_are_one_persons_where_one_record_tells_the_year_alone() -> None:
    his = {"sex": "male", "phone": PHONE}
    known = record("sskdt:1", "Phạm Đức Sơn", "24/03/1968", **his, old_id="750045802")
    assert together(linked(known, record("ncovi:1", "Phạm Đức Sơn", "1968", **his, old_id="062619674")),
                    "sskdt:1", "ncovi:1")  # fmt: skip
    another_year = record("ncovi:1", "Phạm Đức Sơn", "1966", **his, old_id="062619674")
    assert not together(linked(known, another_year), "sskdt:1", "ncovi:1")


def test_a_mark_before_the_given_name_is_a_slip_behind_one_phone_and_in_the_given_name_a_sister() -> None:
    known = record("sskdt:1", "Huỳnh Minh Thu", "13/07/1989", sex="female", old_id="624342540", phone=PHONE)
    for name, joined in (("Huỳnh Mính Thu", True), ("Huỳnh Minh Thư", False)):
        assert together(linked(known, record("bluezone:1", name, phone=PHONE)), "sskdt:1", "bluezone:1") == joined, name


def test_in_one_house_name_and_birthday_are_one_persons_whatever_the_phones() -> None:
    for name, joined in (("Nguyễn Thị Hương", True), ("Nguyễn Thí Hương", True), ("Nguyễn Thị Hường", False)):
        known = record("ncovi:1", "Nguyễn Thị Hương", "06/08/1996", sex="female", phone=PHONE, **HOUSE)
        row = record("sskdt:1", name, "06/08/1996", sex="female", phone=OTHER_PHONE, **HOUSE)
        assert together(linked(known, row), "ncovi:1", "sskdt:1") == joined, name


def test_a_wrong_sex_counts_for_nothing_beside_number_name_year_and_home() -> None:
    known = record("sskdt:1", "Đặng Minh Hải", "25/10/1998", sex="male", old_id="012849308", phone=PHONE, **HOUSE)
    row = record("tokhaiyte:1", "Đặng Minh Hải", "1998", sex="female", old_id="012849308", phone=OTHER_PHONE, **HOUSE)
    assert together(linked(known, row), "sskdt:1", "tokhaiyte:1")
    elsewhere = row | HA_NOI | {"address": "Ngõ 72, tổ 3"}
    assert not together(linked(known, elsewhere), "sskdt:1", "tokhaiyte:1")


def _words(text: str) -> list[str]:
    return text.split()


def _people_enough() -> list[Row]:
    """So many that words are counted, none of whom shares anything with another."""
    families = _words("Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ")
    middles = _words("Văn Thị Minh Ngọc Đức Hữu Xuân Thu Thanh Quốc Kim Hải")
    givens = _words("Lan Hoa Hùng Dũng Mai Cúc Sơn Tùng Nga Hạnh Phong Tâm Hiền Thảo Quân Bình Yến Chi")
    names = islice(product(families, middles, givens), 2_100)
    return [record(f"ncovi:{at}", " ".join(name), "1960", household=f"h{at}") for at, name in enumerate(names)]


def _who_is_written_so(*, ang_elsewhere: str) -> list[Row]:
    """Three women of Ang and forty of An, each with her number in two systems."""
    rows = []
    for at, middle in enumerate(_words("Hoài Bảo Thùy")):
        number = {"personal_id": f"0401800000{at:02}", "sex": "female"}
        born = f"03/0{at + 1}/1980"
        rows.append(record(f"sampling:{at}", f"Phan {middle} Ang", born, **number))
        rows.append(record(f"vneid:{at}", f"Phan {middle} {ang_elsewhere}", born, **number))
    named = product(_words("Trần Lê Vũ Bùi"), _words("Hoài Bảo Mỹ Thùy Diệu Tú Cẩm Khánh Tường Ái"))
    for at, (family, middle) in enumerate(named):
        number = {"personal_id": f"0401810000{at:02}", "sex": "female"}
        for system in ("sampling", "vneid"):
            rows.append(record(f"{system}:an{at}", f"{family} {middle} An", "05/06/1981", **number))
    return rows


def test_a_slip_that_is_made_often_is_known_by_what_its_bearers_are_called_elsewhere() -> None:
    mine = [
        record("sskdt:1", "Lý Mỹ An", "19/06/2002", sex="female", personal_id="040302461152", phone=PHONE),
        record("ncovi:me", "Lý Mỹ Ang", "19/06/2002", sex="female", insurance_no="4022165601", phone=PHONE),
    ]
    for elsewhere, joined in (("An", True), ("Ang", False)):
        outcome = linked(*_people_enough(), *_who_is_written_so(ang_elsewhere=elsewhere), *mine)
        assert together(outcome, "sskdt:1", "ncovi:me") == joined, elsewhere


def test_one_woman_alone_makes_no_slip_of_a_name_however_many_systems_know_her() -> None:
    her = {"sex": "female", "personal_id": "040180000001", "insurance_no": "4022165609"}
    known = [
        record(f"{system}:hers", f"Phan Hoài {given}", "03/04/1980", **her)
        for system, given in (("sampling", "Ang"), ("vneid", "An"), ("ncovi", "An"))
    ]
    mine = [
        record("sskdt:1", "Lý Mỹ An", "19/06/2002", sex="female", personal_id="040302461152", phone=PHONE),
        record("ncovi:me", "Lý Mỹ Ang", "19/06/2002", sex="female", insurance_no="4022165601", phone=PHONE),
    ]
    rows = [*_people_enough(), *_who_is_written_so(ang_elsewhere="An")]
    others = [row for row in rows if not str(row["name"]).endswith("Ang")]
    of_that_name = [record(f"ncovi:ang{at}", f"Đinh {m} Ang", "1970") for at, m in enumerate(_words("Tú Mỹ"))]
    assert not together(linked(*others, *of_that_name, *known, *mine), "sskdt:1", "ncovi:me")


def test_a_sisters_number_in_one_row_makes_no_one_person_of_twins_behind_one_phone() -> None:
    for born in ("19/08/2012", "19/08/1983"):
        for other_name in ("Nguyễn Minh Ánh", "Nguyễn Minh Oanh"):
            hers = {"sex": "female", "phone": PHONE, "personal_id": "002183547717"}
            twin = hers | {"personal_id": "079183112233"}
            rows = [
                *(record(f"{system}:1", "Nguyễn Minh Anh", born, **hers) for system in ("vneid", "sampling")),
                *(record(f"{system}:2", other_name, born, **twin) for system in ("vneid", "sampling")),
                record("ncovi:3", "Nguyễn Minh Anh", born, **twin),
            ]
            assert not together(linked(*rows), "vneid:1", "vneid:2"), (born, other_name)


def test_father_and_daughter_who_differ_in_a_mark_before_the_given_name_are_two() -> None:
    daughter = record("sskdt:1", "Nguyễn Vân Anh", "13/07/1989", sex="female", old_id="624342540", phone=PHONE)
    visit = record("bluezone:1", "Nguyễn Văn Anh", phone=PHONE)
    assert not together(linked(daughter, visit), "sskdt:1", "bluezone:1")
    father = record("ncovi:1", "Nguyễn Văn Anh", "02/03/1960", sex="male", old_id="624340001", phone=PHONE)
    assert not together(linked(daughter, father, visit), "sskdt:1", "bluezone:1")
