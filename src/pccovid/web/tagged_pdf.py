"""Tags in a PDF: which words are a heading, a paragraph or a list, in their order, for those who listen to the file.

The writer of the PDF draws; this marks what is drawn (ISO 32000-1, 14.7 and 14.8) and adds the tree of what it is. An
element is named by its path from the document down, such as Sect, L, LI, LBody, P, each with a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import XMP, PDFArray, PDFDictionary, PDFName, PDFObjectReference
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

_VERSION = (1, 7)
"""Of PDF: the tags' own, and every viewer's."""


class Step(NamedTuple):
    """One element on the way from the document to words; the same role and number are the same element."""

    role: str
    number: int


Path = tuple[Step, ...]


class _Mark(NamedTuple):
    """Marked words on a page (from 0): the number of the mark there."""

    page: int
    number: int


@dataclass(eq=False)
class _Element:
    role: str
    name: str
    inside: list[_Element | _Mark] = field(default_factory=list)


class _Tree:
    """What the document is made of, in the order in which it was drawn."""

    def __init__(self) -> None:
        self.root = _Element("Document", "Tag0")
        self.pages: dict[int, list[_Element]] = {}
        self._known: dict[Path, _Element] = {(): self.root}

    def mark(self, path: Path, page: int) -> _Mark:
        """The next mark of a page, for words of the element at the end of the path."""
        element, marks = self._at(path), self.pages.setdefault(page, [])
        mark = _Mark(page, len(marks))
        marks.append(element)
        element.inside.append(mark)
        return mark

    def elements(self) -> list[_Element]:
        return list(self._known.values())

    def _at(self, path: Path) -> _Element:
        if path not in self._known:
            parent = self._at(path[:-1])
            self._known[path] = _Element(path[-1].role, f"Tag{len(self._known)}")
            parent.inside.append(self._known[path])
        return self._known[path]


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """Draws, keeps what was marked, and writes its tree into the file."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "pdfVersion": _VERSION})
        self._language = str(options.get("lang") or "")
        self._tree = _Tree()
        self._page_names: list[str] = []

    @contextmanager
    def marked(self, path: Path) -> Iterator[None]:
        """What is drawn inside are words of this element."""
        mark = self._tree.mark(path, len(self._page_names))
        self.addLiteral(f"/{path[-1].role} <</MCID {mark.number}>> BDC")
        yield
        self.addLiteral("EMC")

    @contextmanager
    def beside(self) -> Iterator[None]:
        """What is drawn inside is no part of the words: a number of a sheet."""
        self.addLiteral("/Artifact <</Type /Pagination>> BDC")
        yield
        self.addLiteral("EMC")

    def showPage(self) -> None:  # noqa: N802 - the writer's name
        """End the page."""
        name = self._doc.thisPageName()
        super().showPage()
        page = self._doc.idToObject[name]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._page_names), PDFName("S")
        self._page_names.append(name)

    def save(self) -> None:
        """Write the file, with its tags."""
        if self._code:
            self.showPage()
        catalog = self._doc.Catalog
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        catalog.StructTreeRoot = self._written_tree()
        catalog.Metadata = XMP(creator=lambda _: _about(str(self._doc.info.title), self._language))
        self.setViewerPreference("DisplayDocTitle", "true")
        super().save()

    def _written_tree(self) -> PDFDictionary:
        parents: dict[str, str] = {}
        for element in self._tree.elements():
            parents.update((inner.name, element.name) for inner in element.inside if isinstance(inner, _Element))
        for element in self._tree.elements():
            entry = {"S": PDFName(element.role), "P": PDFObjectReference(parents.get(element.name, _ROOT))}
            self._doc.Reference(_Entry({**entry, **self._inside(element)}), element.name)
        numbered: list[Any] = []
        for page, marks in sorted(self._tree.pages.items()):
            numbered += [page, PDFArray([PDFObjectReference(element.name) for element in marks])]
        tree = PDFDictionary({
            "Type": PDFName("StructTreeRoot"), "K": PDFArray([PDFObjectReference(self._tree.root.name)]),
            "ParentTree": PDFDictionary({"Nums": PDFArray(numbered)}), "ParentTreeNextKey": len(self._page_names),
        })  # fmt: skip
        self._doc.Reference(tree, _ROOT)
        return tree

    def _inside(self, element: _Element) -> dict[str, Any]:
        """What lies in an element; one mark alone, as nearly always, in the few letters that suffice for it."""
        if len(element.inside) == 1 and isinstance(mark := element.inside[0], _Mark):
            return {"K": mark.number, "Pg": PDFObjectReference(self._page_names[mark.page])}
        return {"K": PDFArray([self._kid(inner) for inner in element.inside])}

    def _kid(self, inner: _Element | _Mark) -> Any:
        if isinstance(inner, _Element):
            return PDFObjectReference(inner.name)
        page = PDFObjectReference(self._page_names[inner.page])
        return _Entry({"Type": PDFName("MCR"), "Pg": page, "MCID": inner.number})


class _Entry(PDFDictionary):  # type: ignore[misc]
    """A dictionary on one line: there are as many as there are words to listen to."""

    multiline = False


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph that is drawn as the words of an element, on as many pages as it takes."""

    path: Path = ()

    def split(self, width: float, height: float) -> list[TaggedParagraph]:
        """The parts on this page and on the next, of the same element."""
        parts: list[TaggedParagraph] = super().split(width, height)
        for part in parts:
            part.path = self.path
        return parts

    def draw(self) -> None:
        """Draw the words, marked."""
        with self.canv.marked(self.path):
            super().draw()


_ROOT = "TagRoot"


def _about(title: str, language: str) -> bytes:
    """What the file says of itself to programs that read no PDF: its title and language."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
