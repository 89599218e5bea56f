"""Message catalogues: Vietnamese is what the code says; each other language has its django.po beside the templates.

`python -m pccovid.web.catalogues` compiles them; with `update` it first adds the texts that are new in the code.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LOCALES = PACKAGE / "web" / "locale"
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

type_of_message = str | tuple[str, ...]


def compile_catalogues() -> list[Path]:
    """Write each django.mo that is older than its django.po; returns those written."""
    written = []
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            unfinished = compiled.with_suffix(".mo.new")
            with unfinished.open("wb") as file:
                write_mo(file, _read(source))
            unfinished.replace(compiled)
            written.append(compiled)
    return written


def texts_in_code(package: Path = PACKAGE) -> Iterator[tuple[str, int, type_of_message, str | None]]:
    """Every text to translate: (file, line, message or (singular, plural), context)."""
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html")]):
        source = path.read_text()
        if path.suffix == ".html":
            # The blanked template has no Python indentation worth keeping.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        elif "translation" not in source:
            continue
        yield from _texts(source, str(path.relative_to(package)))


def _texts(source: str, name: str) -> Iterator[tuple[str, int, type_of_message, str | None]]:
    for line, function, found, _ in extract_python(io.BytesIO(source.encode()), _KEYWORDS, [], {}):
        arguments = [found] if isinstance(found, str) else [text for text in found if text]
        if not arguments:
            continue
        context = arguments.pop(0) if "pgettext" in str(function) else None
        yield name, line, arguments[0] if len(arguments) == 1 else tuple(arguments[:2]), context


def update_catalogues() -> None:
    """Add new texts to every catalogue and drop those the code no longer says; translations stay."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        before = _read(source)
        after = Catalog(
            locale=before.locale, project="pccovid", charset="utf-8", fuzzy=False, header_comment=before.header_comment
        )
        for name, _, message, context in texts_in_code():
            known = before.get(message if isinstance(message, str) else message[0], context)
            after.add(message, known.string if known else None, locations=[(name, None)], context=context)  # type: ignore[list-item]
        with source.open("wb") as file:
            write_po(file, after, sort_output=True, omit_header=False, include_lineno=False, width=110)


def untranslated() -> list[tuple[str, str, int, str]]:
    """Texts of the code that a catalogue lacks or leaves empty: (language, file, line, text)."""
    missing = []
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        catalogue = _read(source)
        for name, line, message, context in texts_in_code():
            text = message if isinstance(message, str) else message[0]
            known = catalogue.get(text, context)
            strings = () if known is None else (known.string,) if isinstance(known.string, str) else known.string
            if not strings or not all(strings) or (known is not None and known.fuzzy):
                missing.append((source.parent.parent.name, name, line, text))
    return missing


def _read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parent.parent.name)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update_catalogues()
    compile_catalogues()
