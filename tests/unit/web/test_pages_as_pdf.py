"""A page of ours as a PDF: the same words, in a typeface that has them all."""

from __future__ import annotations

import io
import unicodedata
from typing import Any, NamedTuple

from pypdf import PdfReader
from pypdf.generic import ContentStream

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


class Marked(NamedTuple):
    """An element of a PDF's tree that has words: its way from the document, and (page, mark) of its words."""

    way: str
    marks: list[tuple[int, int]]


def kids_of(element: Any) -> list[Any]:
    return [kid.get_object() for kid in element["/K"]] if isinstance(element["/K"], list) else []


def marks_in(element: Any) -> list[tuple[Any, int]]:
    """(page, mark) of the words that lie in an element itself."""
    if isinstance(element["/K"], int):
        return [(element.raw_get("/Pg"), element["/K"])]
    return [(kid.raw_get("/Pg"), kid["/MCID"]) for kid in kids_of(element) if "/MCID" in kid]


def tree_of(reader: PdfReader) -> list[Marked]:
    """What the tree says, in its order; every element names the one it lies in."""
    pages = {page.indirect_reference: number for number, page in enumerate(reader.pages)}
    found: list[Marked] = []

    def walk(element: Any, way: tuple[str, ...]) -> None:
        marks = [(pages[page], mark) for page, mark in marks_in(element)]
        if marks:
            found.append(Marked("/".join(way), marks))
        for kid in kids_of(element):
            if "/S" in kid:
                assert kid["/P"] == element
                walk(kid, (*way, kid["/S"][1:]))

    root: Any = reader.trailer["/Root"]
    (document,) = root["/StructTreeRoot"]["/K"]
    assert document.get_object()["/S"] == "/Document"
    walk(document.get_object(), ())
    return found


def marks_of(page: Any) -> dict[int | None, int]:
    """Mark (None: beside the words) → how often text is shown in it; nothing is shown outside of every mark."""
    shown: dict[int | None, int] = {}
    around: list[int | None] = []
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"BDC":
            around.append(operands[1].get("/MCID"))
        elif operator == b"EMC":
            around.pop()
        elif operator in (b"Tj", b"TJ"):
            assert around, "words outside of every mark"
            shown[around[-1]] = shown.get(around[-1], 0) + 1
    assert around == []
    return shown


def test_who_listens_hears_headings_paragraphs_and_lists_in_the_order_of_the_page() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(PAGE, title="Bản sao dữ liệu", language="vi")))
    assert [element.way for element in tree_of(reader)] == [
        "H1", "P", "L/LI/LBody/P", "L/LI/LBody/P", "L/LI/LBody/P", "L/LI/LBody/P", "L/LI/LBody/P",
    ]  # fmt: skip
    assert [element.marks for element in tree_of(reader)] == [[(0, number)] for number in range(7)]
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.xmp_metadata is not None
    assert reader.xmp_metadata.dc_title == {"x-default": "Bản sao dữ liệu"}


def test_everything_that_is_shown_is_marked_and_every_mark_leads_to_its_element() -> None:
    many = "<main><h1>Bản sao</h1>" + "<p>Một dòng của bản sao dữ liệu.</p>" * 60 + f"<p>{'Rất dài. ' * 900}</p></main>"
    reader = PdfReader(io.BytesIO(pdf_of(many, title="x", language="vi")))
    elements = tree_of(reader)
    assert len(elements) == 62
    assert len({page for page, _ in elements[-1].marks}) > 1, "the long one goes on over the edge of a sheet"
    root: Any = reader.trailer["/Root"]
    numbered = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    by_page = {numbered[at]: numbered[at + 1] for at in range(0, len(numbered), 2)}
    for number, page in enumerate(reader.pages):
        shown = marks_of(page)
        assert shown.pop(None) == 1, "the number of the sheet is no part of the words"
        assert set(shown) == {mark for element in elements for of, mark in element.marks if of == number}
        owners = by_page[page["/StructParents"]]
        for mark in shown:
            assert (page.indirect_reference, mark) in marks_in(owners[mark].get_object())
