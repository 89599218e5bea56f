"""Files and functions stay small, typed and described, as the style guide asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "pccovid"
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "core", "misc"}


MOST_WAYS = 10
TANGLED_IN_A_THOUSAND = 10
_EACH_ONE_WAY = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case
)  # fmt: skip


class Function(NamedTuple):
    """One function as written: where, how long in lines, whether all of its signature is annotated, and how many ways
    lead through it."""

    where: str
    lines: int
    is_typed: bool
    ways: int


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def functions() -> Iterator[Function]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield Function(where, lines, _is_typed(node), ways_through(node))


def ways_through(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """One, and one more for each place where it forks: comprehensions with their conditions and each further operand
    of `and` and `or` as well. Functions within it count by themselves."""
    ways, within = 1, list[ast.AST](function.body)
    while within:
        node = within.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        within += ast.iter_child_nodes(node)
        if isinstance(node, ast.comprehension):
            ways += 1 + len(node.ifs)
        elif isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
        else:
            ways += isinstance(node, _EACH_ONE_WAY)
    return ways


def _is_typed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    arguments += [extra for extra in (node.args.vararg, node.args.kwarg) if extra]
    own = {"self", "cls"}
    return node.returns is not None and all(a.annotation is not None for a in arguments if a.arg not in own)


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


@pytest.fixture(scope="module")
def written() -> list[Function]:
    return list(functions())


def test_no_source_file_is_longer_than_six_hundred_lines() -> None:
    assert {str(path): lines_of(path) for path in modules() if lines_of(path) > 600} == {}


def test_nine_files_in_ten_have_at_most_two_hundred_fifty_lines() -> None:
    assert quantiles([lines_of(path) for path in modules()], n=10)[-1] <= 250


def test_no_function_is_longer_than_fifty_lines(written: list[Function]) -> None:
    assert [function for function in written if function.lines > 50] == []


def test_functions_are_short_at_the_median_and_in_nine_of_ten(written: list[Function]) -> None:
    lengths = [function.lines for function in written]
    assert median(lengths) <= 9
    assert quantiles(lengths, n=10)[-1] <= 25


def test_ways_through_a_function_are_counted_where_it_forks_and_not_in_functions_within() -> None:
    written = """
def outer(a):
    def inner(b):
        return 1 if b else 2
    try:
        return [c for c in a if c and c.d or c.e]
    except ValueError:
        return a
"""
    outer, inner = (node for node in ast.walk(ast.parse(written)) if isinstance(node, ast.FunctionDef))
    assert (ways_through(outer), ways_through(inner)) == (6, 2)


def test_at_most_one_function_in_a_hundred_has_more_than_ten_ways_through_it(written: list[Function]) -> None:
    tangled = [f"{function.ways} {function.where}" for function in written if function.ways > MOST_WAYS]
    assert len(tangled) * 1000 <= TANGLED_IN_A_THOUSAND * len(written), sorted(tangled)


def test_every_function_is_annotated_in_full(written: list[Function]) -> None:
    assert [function.where for function in written if not function.is_typed] == []


def test_every_module_says_in_its_docstring_what_it_owns() -> None:
    silent = [
        str(path.relative_to(PACKAGE)) for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_no_module_is_called_by_a_word_that_says_nothing() -> None:
    assert [str(path) for path in modules() if path.stem in FORBIDDEN_NAMES] == []


def test_imports_stand_at_the_top_of_their_module() -> None:
    inside = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in modules()
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []
