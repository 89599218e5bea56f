"""A page of ours as a PDF: the same words, in a typeface that has them all."""

from __future__ import annotations

import io
import unicodedata

from pypdf import PdfReader

from pccovid.web.paper_pdf import Block, blocks_of, pdf_of

PAGE = """<html><head><title>Không in</title></head><body><nav>Không in</nav><main id="main" class="page">
<h1>Bản sao dữ liệu</h1><p class="soft no-print">Không in</p><p class="soft">Lập lúc 10:00.</p>
<dl class="pairs"><div><dt>Họ tên</dt><dd>Nguyễn Thị <b>Ngọc Ước</b><svg><title>Không in</title></svg></dd></div></dl>
<ol class="copied"><li id="f-1"><p class="lead">Pfizer &amp; &lt;Moderna&gt;</p>
<dl><div><dt>Số lô</dt><dd>LÔ-7</dd></div></dl>
<p>Ghi chú</p></li><li>Mục trần</li></ol></main><footer>Không in</footer></body></html>"""
LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_every_word_of_the_main_part_is_a_block_and_nothing_beside_it() -> None:
    assert blocks_of(PAGE) == [
        Block("h1", "Bản sao dữ liệu"), Block("soft", "Lập lúc 10:00."), Block("pair", "Nguyễn Thị Ngọc Ước", "Họ tên"),
        Block("lead", "Pfizer & <Moderna>", "", 1), Block("pair", "LÔ-7", "Số lô", 1), Block("p", "Ghi chú", "", 1),
        Block("p", "Mục trần", "", 1),
    ]  # fmt: skip


def test_the_file_says_the_words_of_the_page_and_names_nobody_outside_them() -> None:
    pdf = pdf_of(PAGE, title="Bản sao dữ liệu", language="vi")
    told = words_of(pdf)
    for block in blocks_of(PAGE):
        assert block.text in told
        assert block.label in told
    assert "Không in" not in told
    about = PdfReader(io.BytesIO(pdf)).metadata
    assert about is not None
    assert (about.title, about.author) == ("Bản sao dữ liệu", "PC-Covid")


def test_every_vietnamese_letter_is_shown_and_what_no_letter_shows_is_a_question_mark() -> None:
    taken_apart = unicodedata.normalize("NFD", LETTERS)
    page = f"<main><p>{taken_apart} {LETTERS.upper()}</p><p>金</p></main>"
    told = words_of(pdf_of(page, title="x", language="vi"))
    assert f"{LETTERS} {LETTERS.upper()} ?" in told
    assert "金" not in told
    assert told.count("?") == 1


def test_a_long_copy_goes_on_over_numbered_sheets() -> None:
    page = "<main>" + "<p>Một dòng của bản sao dữ liệu.</p>" * 200 + "</main>"
    sheets = PdfReader(io.BytesIO(pdf_of(page, title="x", language="vi"))).pages
    assert len(sheets) > 2
    assert "PC-Covid · 2" in sheets[1].extract_text()
