"""Every function of the database is written once: whoever looks for one finds the body that holds."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "pccovid"
_DEFINES = re.compile(
    r"^\s*CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+([\w.\"]+)\s*\(([^)]*)\)", re.IGNORECASE | re.MULTILINE
)
_DEFAULT = re.compile(r"\s(?:DEFAULT\b|=).*", re.IGNORECASE | re.DOTALL)
_MEANS = "edit the body in its .sql file, and let a new migration load that file again"


def written() -> list[Path]:
    """Whatever a migration runs: SQL beside the modules, and SQL within migrations."""
    return sorted([*PACKAGE.glob("*/sql/*.sql"), *PACKAGE.glob("*/migrations/*.py")])


def takes(arguments: str) -> tuple[str, ...]:
    """The types that tell one function from another of its name: what each argument has behind its name."""
    each = (_DEFAULT.sub("", one).split() for one in arguments.split(","))
    return tuple(" ".join(words[1:] or words).lower() for words in each if words and words[0].upper() != "OUT")


def places_of_functions() -> dict[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for path in written():
        text = path.read_text()
        for found in _DEFINES.finditer(text):
            line = text.count("\n", 0, found.start(1)) + 1
            places[f"{found[1].lower()}({', '.join(takes(found[2]))})"].append(f"{path.relative_to(PACKAGE)}:{line}")
    return places


def test_functions_of_one_name_are_told_apart_by_what_they_take() -> None:
    assert takes("a uuid, b text DEFAULT '{}', OUT c bigint") == takes("x uuid,\n y text") == ("uuid", "text")


def test_a_function_is_defined_in_one_place_alone() -> None:
    twice = {name: places for name, places in places_of_functions().items() if len(places) > 1}
    assert twice == {}, _MEANS


def test_no_migration_edits_the_text_of_a_function_that_is_there() -> None:
    assert [str(path.relative_to(PACKAGE)) for path in written() if "pg_get_functiondef" in path.read_text()] == [], (
        _MEANS
    )
