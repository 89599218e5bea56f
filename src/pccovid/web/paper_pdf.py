"""A page of ours as a PDF of A4 sheets: the very words of the page, so that the two never tell different things.

Reads the HTML that our own templates write inside <main> (headings, paragraphs, lists, pairs); drawings, and what no
paper shows, are left out. The typeface has every Vietnamese mark and is part of the file, and so are tags: what is a
heading, a paragraph, a list and its items, for whoever listens to it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any, NamedTuple
from unicodedata import normalize
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import SimpleDocTemplate

from pccovid.web.tagged_pdf import Path, Step, TaggedCanvas, TaggedParagraph

_TEXT, _BOLD = "BeVietnamPro-Regular", "BeVietnamPro-SemiBold"
_LEFT_OUT = frozenset({"svg", "script", "style", "form", "nav"})
_VOID = frozenset({"br", "img", "input", "meta", "link", "hr"})
_BLOCKS = frozenset({"h1", "h2", "h3", "p", "li", "dt", "dd"})
_SIZES = {"h1": 18.0, "h2": 13.5, "h3": 11.0}
_INDENT = 4 * mm
_BY_CLASS = {"lead": "lead", "soft": "soft", "name-large": "h2"}


_TAGS = {"h1": ("H1",), "h2": ("H2",), "h3": ("H3",), "section": ("Sect",), "ul": ("L",), "ol": ("L",), "dl": ("L",),
         "li": ("LI", "LBody"), "dd": ("LI", "LBody")}  # fmt: skip
"""Elements of HTML → what they are in a PDF. A pair is an item of the list of its <dl>."""


@dataclass(frozen=True)
class Block:
    """One block of words: 'h1' … 'h3', 'p', 'lead', 'soft', or 'pair' with its label; `depth`: lists around it.

    `path`: of which heading, paragraph, list it is the words.
    """

    kind: str
    text: str
    label: str = ""
    depth: int = 0
    path: Path = field(default=(), compare=False)


class _Open(NamedTuple):
    tag: str
    classes: frozenset[str]
    number: int


class _Reader(HTMLParser):
    """Collects the blocks inside <main>."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._open: list[_Open] = []
        self._words: list[str] = []
        self._label = ""
        self._seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        if tag in _BLOCKS:
            self._flush()
        self._seen += 1
        self._open.append(_Open(tag, frozenset((dict(attrs).get("class") or "").split()), self._seen))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not any(one.tag == tag for one in self._open):
            return
        if tag in _BLOCKS:
            self._flush()
        while self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        is_inside = any(one.tag == "main" for one in self._open)
        if is_inside and not any(one.tag in _LEFT_OUT or "no-print" in one.classes for one in self._open):
            self._words.append(data)

    def _flush(self) -> None:
        text, self._words = " ".join("".join(self._words).split()), []
        block = next((one for one in reversed(self._open) if one.tag in _BLOCKS), None)
        if not text or block is None:
            return
        depth = sum(one.tag == "li" for one in self._open)
        if block.tag == "dt":
            self._label = text
        elif block.tag == "dd":
            self.blocks.append(Block("pair", text, self._label, depth, self._path()))
        else:
            self.blocks.append(Block(self._kind(block), text, "", depth, self._path()))

    def _path(self) -> Path:
        """Of what the block is the words: a heading, or a paragraph of its own, in whatever is open around it."""
        is_item = any(one.tag == "li" for one in self._open)
        around = tuple(
            Step(role, one.number)
            for one in self._open
            if not (is_item and one.tag in ("dl", "dd"))  # within an item, pairs are its paragraphs
            for role in _TAGS.get(one.tag, ())
        )
        is_heading = around and around[-1].role in ("H1", "H2", "H3")
        return around if is_heading else (*around, Step("P", len(self.blocks)))

    def _kind(self, block: _Open) -> str:
        if any(one.tag == "dd" for one in self._open):
            return "soft"  # where a value was taken from
        told = (kind for name, kind in _BY_CLASS.items() if name in block.classes)
        return next(told, "p" if block.tag == "li" else block.tag)


def blocks_of(page: str) -> list[Block]:
    """The blocks of words inside the page's <main>, in their order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.blocks


def pdf_of(page: str, *, title: str, language: str) -> bytes:
    """The page as a PDF; `title` and `language` stand in the file, and name nobody."""
    out, glyphs = io.BytesIO(), _glyphs()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author="PC-Covid", lang=language, leftMargin=18 * mm, rightMargin=18 * mm,
        topMargin=16 * mm, bottomMargin=18 * mm, initialFontName=_TEXT,
    )  # fmt: skip
    story = [_paragraph(block, glyphs) for block in blocks_of(page)]
    document.build(story, onFirstPage=_numbered, onLaterPages=_numbered, canvasmaker=TaggedCanvas)
    return out.getvalue()


def _paragraph(block: Block, glyphs: frozenset[int]) -> TaggedParagraph:
    paragraph = TaggedParagraph(_marked(block, glyphs), _style(block.kind, block.depth))
    paragraph.path = block.path
    return paragraph


@cache
def _glyphs() -> frozenset[int]:
    """The characters that both cuts of the typeface can show; registers them with the writer."""
    folder = files("fontpkg_be_vietnam_pro") / "files"
    fonts = [TTFont(name, str(folder / f"{name}.ttf")) for name in (_TEXT, _BOLD)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    regular, bold = (frozenset(font.face.charToGlyph) for font in fonts)
    return regular & bold


def _shown(text: str, glyphs: frozenset[int]) -> str:
    """The text, marks joined to their letters; a character that the typeface lacks becomes a question mark."""
    return "".join(one if ord(one) in glyphs else "?" for one in normalize("NFC", text))


def _marked(block: Block, glyphs: frozenset[int]) -> str:
    text = escape(_shown(block.text, glyphs))
    if block.kind != "pair":
        return text
    return f'<font name="{_BOLD}">{escape(_shown(block.label, glyphs))}:</font> {text}'


@cache
def _style(kind: str, depth: int) -> ParagraphStyle:
    size = _SIZES.get(kind, 9.0)
    return ParagraphStyle(
        f"{kind}-{depth}", fontName=_BOLD if kind in (*_SIZES, "lead") else _TEXT, fontSize=size, leading=size * 1.45,
        leftIndent=depth * _INDENT, spaceBefore={"h2": 10, "h3": 7, "lead": 4}.get(kind, 0), spaceAfter=2,
        textColor=HexColor(0x444444 if kind == "soft" else 0x000000), keepWithNext=kind in (*_SIZES, "lead"),
        splitLongWords=True,
    )  # fmt: skip


def _numbered(canvas: TaggedCanvas, document: Any) -> None:
    with canvas.beside():
        canvas.saveState()
        canvas.setFont(_TEXT, 8)
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, f"PC-Covid · {document.page}")
        canvas.restoreState()
