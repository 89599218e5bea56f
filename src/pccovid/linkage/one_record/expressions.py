"""SQL expressions compiled to Python functions, so that a rule stands in one place and is asked in two.

SQL knows TRUE, FALSE and NULL. Every condition is compiled twice: to a Python expression that is truthy exactly where
the condition is TRUE, and to one that is truthy exactly where it is FALSE; what is neither is NULL. AND and OR then
are Python's own and stop early, which is what makes it quick. A form of SQL that is not known here is an error, never
a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import sqlglot
from sqlglot import expressions as ast

from pccovid.linkage.one_record import sql_functions

Source = Callable[[str, str], str]
"""(table alias or '', column) → the Python expression that gives its value."""


class NotUnderstood(ValueError):
    """The expression uses SQL that has no counterpart here yet."""


class Lazy:
    """An attribute that is worked out when first asked for, and kept."""

    def __init__(self, name: str, work_out: Callable[[Any], Any]) -> None:
        self._name, self.work_out = name, work_out

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self.work_out(instance)
        return value


def parsed(sql: str) -> ast.Expr:
    """The syntax tree of a DuckDB query or expression."""
    return sqlglot.parse_one(sql, dialect="duckdb")


def parsed_query(sql: str) -> ast.Select:
    """The same of a SELECT."""
    query = parsed(sql)
    assert isinstance(query, ast.Select)
    return query


def compiled(expression: ast.Expr | str, source: Source, *, subject: str = "p") -> Callable[[Any], Any]:
    """A function of one object that gives the expression's value; `source` reads columns off the name `subject`.

    Raises NotUnderstood.
    """
    tree = parsed(expression) if isinstance(expression, str) else expression
    writer = _Writer(source)
    text = f"lambda {subject}: {writer.value(tree)}"
    function: Callable[[Any], Any] = eval(text, writer.names)  # noqa: S307 (of this package's own SQL constants)
    return function


def compiled_together(named: Iterable[tuple[str, ast.Expr]], source: Source) -> Callable[[Any], None]:
    """A function that gives one object these attributes, in this order; a later one may read an earlier one.

    Raises NotUnderstood.
    """
    writer = _Writer(source)
    lines = [f"    p.{name} = {writer.value(tree)}\n" for name, tree in named]
    made: dict[str, Any] = {}
    exec("def work_out(p):\n" + "".join(lines), writer.names, made)  # noqa: S102 (of this package's own SQL constants)
    function: Callable[[Any], None] = made["work_out"]
    return function


def condition(expression: str, source: Source, *, subject: str = "p") -> Callable[[Any], bool]:
    """A function that says whether the condition is TRUE. Raises NotUnderstood."""
    writer = _Writer(source)
    text = f"lambda {subject}: bool({writer.truth(parsed(expression))})"
    function: Callable[[Any], bool] = eval(text, writer.names)  # noqa: S307 (as above)
    return function


_COMPARED: dict[type[ast.Expr], tuple[str, str]] = {
    ast.EQ: ("==", "!="), ast.NEQ: ("!=", "=="), ast.GT: (">", "<="), ast.GTE: (">=", "<"), ast.LT: ("<", ">="),
    ast.LTE: ("<=", ">"),
}  # fmt: skip
"""A comparison's sign in Python, and that of its contrary."""
_ARITHMETIC: dict[type[ast.Expr], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mul: "*", ast.Div: "/", ast.Mod: "%", ast.DPipe: "+",
}  # fmt: skip


class _Writer:
    """Writes Python source; `names` is what that source refers to."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._bound: set[str] = set()
        self.names: dict[str, Any] = {"log2": math.log2, "F": sql_functions}

    # Conditions

    def truth(self, tree: ast.Expr) -> str:
        """Truthy exactly where the condition is TRUE."""
        match tree:
            case ast.Paren():
                return self.truth(tree.this)
            case ast.And():
                return f"({self.truth(tree.left)} and {self.truth(tree.right)})"
            case ast.Or():
                return f"({self.truth(tree.left)} or {self.truth(tree.right)})"
            case ast.Not():
                return self.falsity(tree.this)
            case ast.Is():
                return f"({self.value(tree.this)} is None)"
            case ast.In():
                return f"({self.value(tree.this)} in {self._set(tree)})"
            case _ if type(tree) in _COMPARED:
                return self._comparison(tree, _COMPARED[type(tree)][0])
            case _:
                return self.value(tree)

    def falsity(self, tree: ast.Expr) -> str:
        """Truthy exactly where the condition is FALSE."""
        match tree:
            case ast.Paren():
                return self.falsity(tree.this)
            case ast.And():
                return f"({self.falsity(tree.left)} or {self.falsity(tree.right)})"
            case ast.Or():
                return f"({self.falsity(tree.left)} and {self.falsity(tree.right)})"
            case ast.Not():
                return self.truth(tree.this)
            case ast.Is():
                return f"({self.value(tree.this)} is not None)"
            case ast.In():
                kept = self._name()
                return f"(({kept} := {self.value(tree.this)}) is not None and {kept} not in {self._set(tree)})"
            case _ if type(tree) in _COMPARED:
                return self._comparison(tree, _COMPARED[type(tree)][1])
            case _:
                return f"({self.value(tree)} is False)"

    def _comparison(self, tree: ast.Expr, sign: str) -> str:
        guards, (left, right) = self._known([tree.this, tree.expression])
        return "(" + " and ".join([*guards, f"{left} {sign} {right}"]) + ")"

    def _set(self, tree: ast.In) -> str:
        if tree.args.get("query") is not None:
            raise NotUnderstood(tree.sql("duckdb"))
        return self._constant(frozenset(_literal(value) for value in tree.expressions))

    # Values

    def value(self, tree: ast.Expr) -> str:
        """The value, None for NULL."""
        if isinstance(tree, ast.And | ast.Or | ast.Not | ast.Is | ast.In) or type(tree) in _COMPARED:
            return f"(True if {self.truth(tree)} else False if {self.falsity(tree)} else None)"
        if type(tree) in _ARITHMETIC:
            return self._applied([tree.this, tree.expression], f"{{}} {_ARITHMETIC[type(tree)]} {{}}")
        writer = self._WRITERS.get(type(tree))
        if writer is None:
            raise NotUnderstood(f"{type(tree).__name__}: {tree.sql('duckdb')}")
        return writer(self, tree)

    def _paren(self, tree: ast.Expr) -> str:
        return self.value(tree.this)

    def _literal(self, tree: ast.Expr) -> str:
        return repr(_literal(tree))

    def _column(self, tree: ast.Column) -> str:
        if not tree.table and tree.name in self._bound:
            return tree.name
        if tree.table in self._bound:
            return f"{tree.table}.{tree.name}"
        return self._source(tree.table, tree.name)

    def _identifier(self, tree: ast.Identifier) -> str:
        if tree.name not in self._bound:
            raise NotUnderstood(tree.name)
        return tree.name

    def _dot(self, tree: ast.Dot) -> str:
        return f"{self.value(tree.this)}.{tree.expression.name}"

    def _case(self, tree: ast.Case) -> str:
        if tree.this is not None:
            return self._looked_up(tree)
        otherwise = self.value(tree.args["default"]) if tree.args.get("default") is not None else "None"
        for when in reversed(tree.args["ifs"]):
            otherwise = f"({self.value(when.args['true'])} if {self.truth(when.this)} else {otherwise})"
        return otherwise

    def _looked_up(self, tree: ast.Case) -> str:
        """CASE x WHEN 1 THEN …: only the branch that is wanted is worked out."""
        kept = self._name()
        otherwise = self.value(tree.args["default"]) if tree.args.get("default") is not None else "None"
        for number, when in reversed(list(enumerate(tree.args["ifs"]))):
            asked = f"({kept} := {self.value(tree.this)})" if number == 0 else kept
            otherwise = f"({self.value(when.args['true'])} if {asked} == {_literal(when.this)!r} else {otherwise})"
        return otherwise

    def _coalesce(self, tree: ast.Coalesce) -> str:
        otherwise = self.value(tree.expressions[-1])
        for part in reversed([tree.this, *tree.expressions[:-1]]):
            kept = self._name()
            otherwise = f"({kept} if ({kept} := {self.value(part)}) is not None else {otherwise})"
        return otherwise

    def _cast(self, tree: ast.Cast) -> str:
        if tree.to.is_type("varchar", "text"):
            return self._applied([tree.this], "({0} if {0}.__class__ is str else F.as_text({0}))")
        if tree.to.is_type("bigint"):
            return self._applied([tree.this], "int({})")
        return self.value(tree.this)

    def _list(self, tree: ast.Array) -> str:
        return "[" + ", ".join(map(self.value, tree.expressions)) + "]"

    def _of_nulls_too(self, tree: ast.Expr) -> str:
        name = "greatest" if isinstance(tree, ast.Greatest) else "least"
        return f"F.{name}({', '.join(self.value(part) for part in (tree.this, *tree.expressions))})"

    def _element(self, tree: ast.Bracket) -> str:
        # The parser counts places from 0 where SQL counts from 1.
        return self._applied([tree.this], f"F.at({{}}, {_literal(tree.expressions[0]) + 1})")

    def _each(self, tree: ast.Expr) -> str:
        """list_transform and list_filter."""
        body, (parameter,) = tree.expression.this, tree.expression.expressions
        values = self.value(tree.this)
        self._bound.add(parameter.name)
        if isinstance(tree, ast.ArrayFilter):
            each = f"[{parameter.name} for {parameter.name} in {{}} if {self._plain(self.truth(body))}]"
        else:
            each = f"[{self._plain(self.value(body))} for {parameter.name} in {{}}]"
        self._bound.discard(parameter.name)
        kept = self._name()
        return f"(None if ({kept} := {values}) is None else {each.format(kept)})"

    @staticmethod
    def _plain(text: str) -> str:
        return text.replace("{", "{{").replace("}", "}}")

    def _log(self, tree: ast.Log) -> str:
        if _literal(tree.this) != 2:
            raise NotUnderstood(tree.sql("duckdb"))
        return self._applied([tree.expression], "log2({})")

    def _named(self, tree: ast.Anonymous) -> str:
        function = sql_functions.FUNCTIONS.get(tree.name.upper())
        if function is None:
            raise NotUnderstood(tree.name)
        return self._applied(
            tree.expressions, f"{self._constant(function)}({', '.join('{}' for _ in tree.expressions)})"
        )

    def _smallest(self, tree: ast.ArrayMin) -> str:
        return f"F.smallest({self.value(tree.this)})"

    def _applied(self, parts: Iterable[ast.Expr], form: str) -> str:
        """NULL where any part is NULL, else the form filled with them."""
        guards, values = self._known(parts)
        filled = form.format(*values)
        return f"({filled} if {' and '.join(guards)} else None)" if guards else f"({filled})"

    def _known(self, parts: Iterable[ast.Expr]) -> tuple[list[str], list[str]]:
        """Python conditions that each part is not NULL, and the parts' values."""
        guards, values = [], []
        for part in parts:
            if isinstance(part, ast.Literal):
                values.append(repr(_literal(part)))
                continue
            kept = self._name()
            guards.append(f"({kept} := {self.value(part)}) is not None")
            values.append(kept)
        return guards, values

    def _name(self) -> str:
        return self._constant(None)

    def _constant(self, value: object) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name

    _WRITERS: dict[type, Callable[[_Writer, Any], str]] = {
        ast.Paren: _paren, ast.Literal: _literal, ast.Boolean: _literal, ast.Null: _literal, ast.Neg: _literal,
        ast.Column: _column, ast.Identifier: _identifier, ast.Dot: _dot, ast.Case: _case, ast.Coalesce: _coalesce,
        ast.Cast: _cast, ast.Array: _list, ast.Greatest: _of_nulls_too, ast.Least: _of_nulls_too,
        ast.Bracket: _element, ast.Transform: _each, ast.ArrayFilter: _each, ast.Log: _log, ast.Anonymous: _named,
        ast.ArrayMin: _smallest,
    }  # fmt: skip


def _function(form: str, *arguments: str) -> Callable[[_Writer, Any], str]:
    """A writer of a function whose arguments stand under these names in the tree."""

    def write(writer: _Writer, tree: ast.Expr) -> str:
        given = [tree.args[name] for name in arguments if tree.args.get(name) is not None]
        return writer._applied(given, form.replace("…", ", ".join("{}" for _ in given)))

    return write


def _days_between(writer: _Writer, tree: ast.DateDiff) -> str:
    """datediff('day', from, to); the parser puts the later one first."""
    if tree.args["unit"].name.upper() != "DAY":
        raise NotUnderstood(tree.sql("duckdb"))
    return writer._applied([tree.this, tree.expression], "({} - {}).days")


_Writer._WRITERS |= {
    ast.Abs: _function("abs(…)", "this"),
    ast.Year: _function("{}.year", "this"),
    ast.Month: _function("{}.month", "this"),
    ast.DayOfMonth: _function("{}.day", "this"),
    ast.DateDiff: _days_between,
    ast.Length: _function("len(…)", "this"),
    ast.EndsWith: _function("{}.endswith({})", "this", "expression"),
    ast.StartsWith: _function("{}.startswith({})", "this", "expression"),
    ast.Lower: _function("{}.lower()", "this"),
    ast.Right: _function("{}[-{}:]", "this", "expression"),
    ast.Split: _function("{}.split({})", "this", "expression"),
    ast.Replace: _function("{}.replace({}, {})", "this", "expression", "replacement"),
    ast.RegexpReplace: _function("F.replaced(…)", "this", "expression", "replacement", "modifiers"),
    ast.RegexpLike: _function("F.found_in(…)", "this", "expression"),
    ast.Contains: _function("({1} in {0})", "this", "expression"),
    ast.ArrayContains: _function("({1} in {0})", "this", "expression"),
    ast.ArraySort: _function("sorted(…)", "this"),
    ast.ArrayToString: _function("{1}.join({0})", "this", "expression"),
    ast.TimeToStr: _function("F.day_text(…)", "this", "format"),
    ast.Round: _function("F.rounded(…)", "this", "decimals"),
}


def _literal(tree: ast.Expr) -> Any:
    match tree:
        case ast.Paren():
            return _literal(tree.this)
        case ast.Neg():
            return -_literal(tree.this)
        case ast.Boolean():
            return bool(tree.this)
        case ast.Null():
            return None
        case ast.Literal() if tree.is_string:
            return tree.this
        case ast.Literal():
            return float(tree.this) if set(tree.this) & set(".eE") else int(tree.this)
        case _:
            raise NotUnderstood(tree.sql("duckdb"))
