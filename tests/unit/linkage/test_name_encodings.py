"""Old encodings against outside given names: what is repaired, and what must never be touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pccovid.linkage.encodings import repair_mojibake
from pccovid.linkage.names import read_name
from pccovid.linkage.syllables import is_syllable

SHARED = Path(os.environ.get("PCCOVID_SHARED_DATA", Path(__file__).resolve().parents[3].parent / "shared" / "data"))
NAME_LISTS = [SHARED / "names" / file for file in ("boy.txt", "girl.txt")]
needs_shared_names = pytest.mark.skipif(
    not all(path.exists() for path in NAME_LISTS), reason="the shared name lists are not on this machine"
)


def outside_names() -> list[str]:
    given = [line.strip() for path in NAME_LISTS for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [f"{family} {name}" for name in given for family in ("Nguyễn", "Hà")]


@needs_shared_names
def test_no_outside_name_is_damaged_by_encoding_repair() -> None:
    assert [name for name in outside_names() if repair_mojibake(name) != (name, False)] == []


@needs_shared_names
def test_every_outside_name_survives_utf8_read_as_latin_1() -> None:
    broken = [
        name for name in outside_names() if read_name(name.encode().decode("latin-1")).full != read_name(name).full
    ]

    assert broken == []


@needs_shared_names
def test_outside_given_names_are_spelt_as_vietnamese_syllables() -> None:
    tokens = {token for name in outside_names() for token in (read_name(name).full or "").split()}

    assert [token for token in tokens if not is_syllable(token)] == []


def test_the_tcvn3_alphabet_is_read_letter_by_letter() -> None:
    written = "Lª ¸i §µo ©u Nguyªn Lý H\u00ad¬ng §ç B×nh TrÇn V\u00adîng Ph¹m Ngäc Vâ Quúnh"

    assert repair_mojibake(written)[0] == "Lê Ái Đào Âu Nguyên Lý Hương Đỗ Bình Trần Vượng Phạm Ngọc Võ Quỳnh"


def test_the_vni_alphabet_is_read_pair_by_pair() -> None:
    written = "Nguyeãn Ñaëng Phöôùc Vieät Tröông Quyønh Thuûy Löïu Höông Baèng Vónh"

    assert repair_mojibake(written)[0] == "Nguyễn Đặng Phước Việt Trương Quỳnh Thủy Lựu Hương Bằng Vĩnh"
