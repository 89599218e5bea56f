"""The table of kinds in docs/reference/personal-copy.md, written from what the copy really is:

python -m pccovid.config.copy_page

writes it between the page's marks; a test keeps the page equal. Needs Django set up, for features register their facts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    django.setup()

from pccovid.personal_copy.fhir_document import MAPPINGS  # noqa: E402
from pccovid.personal_copy.queries import copied_kinds  # noqa: E402
from pccovid.personal_copy.rules import LEFT_OUT  # noqa: E402

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "personal-copy.md"
_BEGIN, _END = "<!-- written by pccovid.config.copy_page -->", "<!-- end of what is written -->"


def with_table(page: str) -> str:
    """The page with its table written anew. Raises ValueError where its marks are missing."""
    if _BEGIN not in page or _END not in page:
        raise ValueError("the page has lost its marks")
    table = "\n".join([_BEGIN, "", *_kinds(), "", _END])
    return re.sub(re.escape(_BEGIN) + ".*?" + re.escape(_END), lambda _: table, page, flags=re.DOTALL)


def _kinds() -> Iterator[str]:
    yield "| `kind` | `values` | mapped to FHIR by | not copied |"
    yield "|---|---|---|---|"
    for kind in copied_kinds():
        mapping = MAPPINGS[kind.name]
        values = " ".join(f"`{name}`" for name in kind.columns)
        by = f"{mapping.__module__.removeprefix('pccovid.')}.{mapping.__name__}"
        yield f"| `{kind.name}` | {values} | `{by}` | {_left_out(kind.name)} |"


def _left_out(kind: str) -> str:
    told = [
        " ".join(f"`{name}`" for name in one.columns) + (f" where `{one.only_where}`" if one.only_where else "")
        for one in LEFT_OUT
        if one.kind == kind
    ]
    return "; ".join(told) or "–"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
