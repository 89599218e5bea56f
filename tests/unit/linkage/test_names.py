"""What stands in a name field, and the comparable forms it becomes."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pccovid.linkage.names import FAMILY_NAMES, NameReading, compare_names, read_name

NOBODY = NameReading()


@pytest.mark.parametrize(
    ("written", "display", "full", "key"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", "nguyễn văn an", "nguyen van an"),
        ("  NGUYEN   VAN AN ", "NGUYEN VAN AN", "nguyen van an", "nguyen van an"),
        ("đỗ thị đào", "đỗ thị đào", "đỗ thị đào", "do thi dao"),
        ("Nguyễn Thị Mỹ", "Nguyễn Thị Mỹ", "nguyễn thị mĩ", "nguyen thi mi"),
        ("Lê Thị Thủy", "Lê Thị Thủy", "lê thị thủy", "le thi thui"),
        ("Trần Văn An (Tý)", "Trần Văn An (Tý)", "trần văn an", "tran van an"),
        ("Trần Văn An 2", "Trần Văn An 2", "trần văn an", "tran van an"),
        ("Jean-Pierre Müller", "Jean-Pierre Müller", "jean pierre müller", "jean pierre muller"),
        ("Ông Nguyễn Văn An", "Ông Nguyễn Văn An", "nguyễn văn an", "nguyen van an"),
        ("H' Hen Niê", "H' Hen Niê", "hhen niê", "hhen nie"),
    ],
)
def test_a_name_becomes_display_full_and_key(written: str, display: str, full: str, key: str) -> None:
    reading = read_name(written)

    assert (reading.display, reading.full, reading.key) == (display, full, key)
    assert reading.sorted_key == " ".join(sorted(key.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa"),
        ("Huỳnh Thúy", "Hùynh Thuý"),
        ("Lý Quý", "Lí Quí"),
        ("Ðặng Ðình Ðức", "Đặng Đình Đức"),
        ("Nguyễn\u200bVăn An".replace("\u200b", " \u200b"), "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh"), "Nguyễn Thị Ngọc Ánh"),
        ("H'Hen Niê", "H’ Hen Niê"),
    ],
)
def test_two_ways_of_typing_one_name_have_the_same_full_form(one: str, other: str) -> None:
    assert read_name(one).full == read_name(other).full


_SYLLABLES = st.sampled_from(
    ("Đức", "Đặng", "Đình", "Đan", "Ðỗ", "Nguyễn", "Trần", "Lê", "Văn", "Thị", "Thùy", "Quý", "Ánh", "An", "Mai", "Y")
)


def _without_marks(name: str) -> str:
    """What decomposing and dropping the marks leaves: đ stands as it is."""
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))


@given(st.lists(_SYLLABLES, min_size=2, max_size=5), st.sampled_from((str, str.upper, str.lower)))
def test_marks_dropped_with_or_without_those_of_d_read_as_the_same_bare_name(words: list[str], cased: Any) -> None:
    marked = cased(" ".join(words))
    careless = _without_marks(marked)
    bare = read_name(careless.translate(str.maketrans("ĐđÐð", "DdDd")))

    for written in (careless, careless.replace("Đ", "Ð").replace("đ", "ð")):
        reading = read_name(written)
        assert reading[1:] == bare[1:]
        assert compare_names(reading, read_name(marked)) == compare_names(bare, read_name(marked))


@pytest.mark.parametrize("written", ["NGUYEN VAN ĐUC", "NGUYEN VAN ÐUC", "nguyen van đuc"])
def test_a_name_without_marks_but_for_its_first_letter_contradicts_no_marks(written: str) -> None:
    assert compare_names(read_name(written), read_name("Nguyễn Văn Đức")) == "exact"
    assert compare_names(read_name("Nguyễn Văn Dực"), read_name("Nguyễn Văn Đức")) == "diacritics_differ"


@pytest.mark.parametrize(
    ("one", "other"), [("Nguyễn Ánh", "Nguyễn Anh"), ("Trần Thi", "Trần Thy"), ("Lê Thúy", "Lê Thùy")]
)
def test_names_of_different_people_keep_different_full_forms(one: str, other: str) -> None:
    assert read_name(one).full != read_name(other).full


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng"),
        ("Lª ThÞ Hµ", "Lê Thị Hà"),
        ("TrÇn ThÞ BÐ", "Trần Thị Bé"),
        ("§ç ThÞ ¸nh D\u00ad¬ng", "Đỗ Thị Ánh Dương"),
        ("NGUYÔN V¡N AN", "NGUYỄN VĂN AN"),
        ("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng"),
        ("Voõ Thò Saùu", "Võ Thị Sáu"),
        ("Hoà Thò Lan", "Hồ Thị Lan"),
        ("ÑOÃ THÒ HOØA", "ĐỖ THỊ HÒA"),
        ("Nguyá»…n VÄƒn An", "Nguyễn Văn An"),
    ],
    ids=str,
)
def test_an_older_encoding_read_as_latin_is_repaired_and_flagged(written: str, meant: str) -> None:
    reading = read_name(written)

    assert (reading.display, reading.flags) == (meant, ("name_mojibake",))


@pytest.mark.parametrize(
    "name",
    ["José García", "Jürgen Müller", "Loïc Nguyen", "François Péñalosa", "Zoë Brontë", "Søren Ærø", "Þór Guðmundsson"]
    + ["Lê Hoàng Hà", "Hà Vân Thù", "Vò Lan", "Rmah Trang Tâm", "Y Bhăm Êban", "Võ Thị Sáu", "Ksor Thái"],
)
def test_a_correct_name_is_never_taken_for_an_old_encoding(name: str) -> None:
    assert "name_mojibake" not in read_name(name).flags


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Văn An Nguyễn", "nguyen van an"),
        ("An Văn Nguyễn", "nguyen van an"),
        ("Ngọc Lan Thị Trần", "tran thi ngoc lan"),
        ("DUC HUY PHAM", "pham duc hui"),
        ("John Le", "le john"),
    ],
)
def test_a_common_family_name_at_the_end_comes_to_the_front(written: str, key: str) -> None:
    reading = read_name(written)

    assert (reading.key, "name_reordered" in reading.flags) == (key, True)
    assert reading.full == " ".join(read_name(written.lower()).full.split())  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["Trần Thảo Nguyên", "TRAN THAO NGUYEN", "Đức Anh Vũ", "Mai Thị Lê", "Lê Hoàng", "Hà Phan", "Giàng A Vũ"]
)
def test_a_name_that_may_be_in_order_is_not_turned(name: str) -> None:
    assert "name_reordered" not in read_name(name).flags


def test_any_word_order_has_the_same_sorted_key() -> None:
    assert len({read_name(n).sorted_key for n in ("Mai Thị Hoàng", "Thị Hoàng Mai", "HOANG MAI THI")}) == 1


@pytest.mark.parametrize("written", [None, "", "   ", "\u00a0"])
def test_an_empty_name_field_is_no_name_without_a_flag(written: str | None) -> None:
    assert read_name(written) == NOBODY


@pytest.mark.parametrize("written", ["test", "Nguyễn Văn Test", "DEMO 123", "xxx", "aaaa", "hê lô", "Xin chào"])
def test_whoever_tries_the_form_is_nobody_and_flagged_so(written: str) -> None:
    assert read_name(written) == NOBODY._replace(flags=("not_a_name", "test_entry"))


@pytest.mark.parametrize(
    "written",
    ["Không", "khong co", "n/a", "N/A", "0912345678", "---", "a@b.vn", "🙂", "x" * 5000],
)
def test_text_that_is_no_name_gives_only_the_flag(written: str) -> None:
    assert read_name(written) == NobodyWith("not_a_name")


def NobodyWith(flag: str) -> NameReading:  # noqa: N802 - reads as a value in the assertions
    return NameReading(flags=(flag,))


@pytest.mark.parametrize("written", ["Con bà Nguyễn Thị Lan", "CB NGUYEN THI LAN", "Trẻ sơ sinh", "con chi Hoa"])
def test_a_newborn_entered_under_the_mother_has_no_name(written: str) -> None:
    assert read_name(written) == NobodyWith("newborn_without_name")


def test_a_name_that_only_resembles_a_newborn_entry_stays_a_name() -> None:
    assert read_name("Nguyễn Văn Con").key == "nguyen van con"


def test_a_single_token_is_kept_and_flagged() -> None:
    assert read_name("Tý") == NameReading("Tý", "tí", "ti", "ti", ("name_single_token",))


def test_a_name_in_another_script_is_kept_and_flagged() -> None:
    reading = read_name("王 伟")

    assert (reading.key, reading.flags) == ("王 伟", ("name_not_latin",))


def test_nul_and_lone_surrogates_never_reach_the_shown_name() -> None:
    assert read_name("Nguyễn\x00Văn\ud800 An").display == "Nguyễn Văn An"


def test_family_name_shares_add_up_to_the_whole_population() -> None:
    assert sum(FAMILY_NAMES.values()) == pytest.approx(100, abs=0.5)
    assert list(FAMILY_NAMES)[:3] == ["Nguyễn", "Trần", "Lê"]


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
VIETNAMESE_TEXT = st.text(
    st.sampled_from("aăâeêioôơuưyđĐbchgnt' -()ÐðáàảãạễộNguyễ\u0301\u0323\u200b§¨©µ¸ÔÞ.1"), max_size=40
)


@given(ANY_TEXT | VIETNAMESE_TEXT)
def test_reading_any_text_again_changes_nothing(text: str) -> None:
    once = read_name(text)
    again = read_name(once.display)

    assert again[:4] == once[:4]


@given(ANY_TEXT | VIETNAMESE_TEXT)
@example("\ufc5e")
def test_a_reading_is_whole_or_empty_and_storable(text: str) -> None:
    reading = read_name(text)

    assert len({part is None for part in reading[:4]}) == 1
    if reading.display is not None:
        reading.display.encode("utf-8")
        assert "\x00" not in reading.display
        assert reading.sorted_key == " ".join(sorted((reading.key or "").split()))


@given(st.lists(st.sampled_from(sorted(FAMILY_NAMES) + ["Văn", "Thị", "Ngọc", "Ánh", "Thuỷ"]), min_size=1, max_size=5))
def test_marks_and_capitals_never_change_the_sorted_key_of_a_name(tokens: list[str]) -> None:
    # Without marks these are forms of address.
    written = " ".join(token for token in tokens if token not in {"Bá", "Bế", "Ông", "Châu"}) or "An"
    stripped = (
        unicodedata.normalize("NFD", written.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    )

    if not read_name(written).flags and not read_name(stripped).flags:
        assert read_name(stripped.upper()).sorted_key == read_name(written).sorted_key
