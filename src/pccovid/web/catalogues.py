"""Message catalogues: Vietnamese is what the code says; each other language has its django.po beside the templates.

`python -m pccovid.web.catalogues` compiles them; with `update` it first adds the texts that are new in the code.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUES = {"citizen": PACKAGE / "web" / "locale", "console": PACKAGE / "web" / "console" / "locale"}
"""Part of the web → its folder of languages; both are in settings.LOCALE_PATHS."""
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

_PATTERN = "*/LC_MESSAGES/django.po"
# Nothing but what a reader of the file needs: no addresses, and no times that change with every run.
_HEADER = """# msgids are the Vietnamese that the code says; `python -m pccovid.web.catalogues update` adds new ones.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


class Text(NamedTuple):
    """One text to translate and where the code says it; `plural` where it depends on a number."""

    file: str
    line: int
    message: str
    plural: str | None
    context: str | None

    @property
    def part(self) -> str:
        """The part of the web whose catalogue it belongs to."""
        return "console" if "console" in self.file or self.file.startswith("officers") else "citizen"


def compile_catalogues() -> list[Path]:
    """Write each django.mo that is older than its django.po; returns those written."""
    written = []
    for source in _sources():
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            unfinished = compiled.with_suffix(f".mo.{os.getpid()}")
            with unfinished.open("wb") as file:
                write_mo(file, _read(source))
            unfinished.replace(compiled)
            written.append(compiled)
    return written


def texts_in_code(package: Path = PACKAGE) -> Iterator[Text]:
    """Every text to translate, in order of file and line."""
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html")]):
        source = path.read_text()
        if path.suffix == ".html":
            # The blanked template has no Python indentation worth keeping.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        elif "translation" not in source:
            continue
        yield from _texts(source, str(path.relative_to(package)))


def _texts(source: str, name: str) -> Iterator[Text]:
    for line, function, found, _ in extract_python(io.BytesIO(source.encode()), _KEYWORDS, [], {}):
        arguments = [found] if isinstance(found, str) else [text for text in found if text]
        context = arguments.pop(0) if arguments and "pgettext" in str(function) else None
        if arguments:
            yield Text(name, line, arguments[0], arguments[1] if len(arguments) > 1 else None, context)


def update_catalogues() -> None:
    """Add new texts to their part's catalogues and drop those the code no longer says; translations stay."""
    for part, folder in CATALOGUES.items():
        for source in sorted(folder.glob(_PATTERN)):
            _update(source, [text for text in texts_in_code() if text.part == part])


def _update(source: Path, texts: list[Text]) -> None:
    before = _read(source)
    after = Catalog(locale=before.locale)
    for text in texts:
        known = before.get(text.message, text.context)
        message = (text.message, text.plural) if text.plural else text.message
        after.add(message, known.string if known else None, locations=[(text.file, 0)], context=text.context)
    with source.open("wb") as file:
        file.write(_HEADER.encode())
        write_po(file, after, sort_output=True, include_lineno=False, omit_header=True, width=110)


def untranslated(language: str) -> list[Text]:
    """Texts of the code that no catalogue of the language translates in every form."""
    catalogues = [_read(source) for source in _sources() if source.parent.parent.name == language]
    return [text for text in texts_in_code() if not any(_translates(catalogue, text) for catalogue in catalogues)]


def _translates(catalogue: Catalog, text: Text) -> bool:
    known = catalogue.get(text.message, text.context)
    if known is None or known.fuzzy:
        return False
    strings = (known.string,) if isinstance(known.string, str) else known.string or ()
    return bool(strings) and all(strings)


def _sources() -> list[Path]:
    return sorted(source for folder in CATALOGUES.values() for source in folder.glob(_PATTERN))


def _read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update_catalogues()
    compile_catalogues()
