"""Birth fields as forms, exports and spreadsheets write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.birth_dates import BirthReading, read_birth_date

TODAY = date(2021, 10, 1)
BORN = date(1987, 5, 20)


@pytest.mark.parametrize(
    "written",
    ["20/05/1987", "20-5-1987", "20.05.1987", "20 05 1987", "1987-05-20", "1987/5/20", "20051987", "19870520", 19870520]
    + ["1987-05-20T00:00:00", "20/05/1987 00:00", "20/05/1987 12:00:00 AM", "1987-05-20T00:00:00+07:00"]
    + ["ngày 20 tháng 5 năm 1987", "20 May 1987", "May 20, 1987", "２０/０５/１９８７"],
)
def test_every_way_of_writing_a_whole_date_is_read(written: str | int) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(BORN, "day")


@pytest.mark.parametrize("written", ["1987", 1987, "1987.0", "00/00/1987", "năm 1987", "khoảng 1987", "sn1987"])
def test_a_year_alone_is_padded_to_new_year(written: str | int) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(date(1987, 1, 1), "year")


@pytest.mark.parametrize("written", ["05/1987", "5-1987", "1987-05", "051987", "00/05/1987"])
def test_month_and_year_are_padded_to_the_first(written: str) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(date(1987, 5, 1), "month")


def test_a_date_readable_both_ways_carries_the_other_reading() -> None:
    assert read_birth_date("03/05/1987", today=TODAY) == BirthReading(date(1987, 5, 3), "day", date(1987, 3, 5))


def test_equal_day_and_month_have_no_other_reading() -> None:
    assert read_birth_date("05/05/1987", today=TODAY).swapped is None


def test_a_named_month_cannot_have_been_swapped() -> None:
    assert read_birth_date("ngày 3 tháng 5 năm 1987", today=TODAY) == BirthReading(date(1987, 5, 3), "day")


@pytest.mark.parametrize("written", ["05/20/1987", "1987-20-05"])
def test_a_month_beyond_twelve_is_swapped_back_and_flagged(written: str) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(BORN, "day", flags=("birth_swapped_repaired",))


def test_a_future_reading_gives_way_to_the_possible_one() -> None:
    reading = read_birth_date("05/12/2021", today=date(2021, 10, 1))

    assert (reading.date, reading.flags) == (date(2021, 5, 12), ("birth_swapped_repaired",))


def test_new_years_day_is_kept_as_a_day_and_flagged() -> None:
    assert read_birth_date("01/01/1960", today=TODAY) == BirthReading(date(1960, 1, 1), "day", flags=("birth_default",))


@pytest.mark.parametrize(
    ("written", "year"), [("20-5-87", 1987), ("20/5/21", 2021), ("20/5/22", 1922), ("20/05/00", 2000)]
)
def test_a_two_digit_year_is_the_latest_that_has_come(written: str, year: int) -> None:
    reading = read_birth_date(written, today=TODAY)

    assert (reading.date, reading.flags) == (date(year, 5, 20), ("birth_two_digit_year",))


def test_a_day_that_the_month_lacks_leaves_only_the_year() -> None:
    assert read_birth_date("30/02/1960", today=TODAY) == BirthReading(
        date(1960, 1, 1), "year", flags=("birth_day_impossible",)
    )


@pytest.mark.parametrize(
    "written", ["2030", "02/10/2031", "20/05/1887", "1895", "99/99/1987", "32/01/1987", "40/40/40"]
)
def test_a_date_nobody_alive_can_have_is_impossible(written: str) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(problem="birth_date_impossible")


@pytest.mark.parametrize("written", ["abc", "1/1", "5", "1987-05-20-01", "35 tuổi", "x" * 100_000, -5, 10**400])
def test_text_that_is_no_date_is_unreadable(written: str | int) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(problem="birth_date_unreadable")


@pytest.mark.parametrize("written", [None, "", " ", "n/a", "không", "00/00/0000", "0", 0])
def test_an_empty_birth_field_is_no_problem(written: str | int | None) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading()


@pytest.mark.parametrize("written", ["31917", "31917.0", 31917])
def test_a_spreadsheet_day_number_is_read_with_a_doubt(written: str | int) -> None:
    assert read_birth_date(written, today=TODAY) == BirthReading(BORN, "day", flags=("birth_from_serial",))


@pytest.mark.parametrize(
    ("instant", "born"),
    [
        ("1987-05-19T17:00:00.000Z", date(1987, 5, 20)),
        ("1960-05-19T16:00:00Z", date(1960, 5, 20)),
        ("1987-05-20T00:00:00Z", date(1987, 5, 20)),
    ],
)
def test_a_midnight_written_in_utc_is_the_day_it_was_in_viet_nam(instant: str, born: date) -> None:
    assert read_birth_date(instant, today=TODAY).date == born


@pytest.mark.parametrize(
    ("order", "born"), [("ymd", date(2005, 4, 3)), ("dmy", date(2003, 4, 5)), ("any", date(2003, 4, 5))]
)
def test_the_forms_order_settles_what_short_numbers_leave_open(order: str, born: date) -> None:
    assert read_birth_date("05-04-03", order=order, today=TODAY).date == born  # type: ignore[arg-type]


LIVING = st.dates(TODAY - timedelta(days=365 * 120), TODAY)


@given(LIVING, st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d%m%Y", "%d.%m.%Y", "%Y-%m-%dT00:00:00"]))
def test_every_written_date_is_read_back(born: date, form: str) -> None:
    reading = read_birth_date(born.strftime(form), order="dmy", today=TODAY)

    assert (reading.date, reading.precision, reading.problem) == (born, "day", None)


@given(LIVING)
def test_the_other_reading_is_the_exchange_of_day_and_month(born: date) -> None:
    swapped = read_birth_date(born.isoformat(), today=TODAY).swapped

    assert swapped is None or (swapped.day, swapped.month, swapped.year) == (born.month, born.day, born.year)


@given(
    st.text(st.characters(exclude_categories=())) | st.text("0123456789/-. :TZ+", max_size=30) | st.integers(),
    st.sampled_from(["dmy", "ymd", "year", "any"]),
)
def test_any_value_is_read_or_refused_without_an_error(written: str | int, order: str) -> None:
    reading = read_birth_date(written, order=order, today=TODAY)  # type: ignore[arg-type]

    assert (reading.date is None) == (reading.precision is None)
    assert reading.date is None or (reading.date <= TODAY and reading.problem is None)
