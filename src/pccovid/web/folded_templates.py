"""Templates whose constant parts are put together once for each language, instead of at every request.

Most of a page says the same to everybody: tags of HTML, translated texts without values, addresses without arguments,
drawings. When a template is loaded, neighbours of that kind become one part; each language's text of it is rendered at
its first use and kept. Only what reads nothing of the page's own context is folded, so nothing of a person's can be
kept: a literal {% translate %}, {% blocktranslate %} without values, {% url %} and {% icon %} of literals,
{% static %}, {% still %} without variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any

from django.template import Context, Node, NodeList, Origin, Template
from django.template.base import FilterExpression, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pccovid.web import icons
from pccovid.web.templatetags.still import StillNode


class Loader(cached.Loader):
    """Django's loader that keeps templates, which folds each before it is kept."""

    def __init__(self, engine: Any, loaders: Sequence[Any]) -> None:
        super().__init__(engine, loaders)
        self._folding = Lock()

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """The template, folded. Raises TemplateDoesNotExist."""
        template = super().get_template(template_name, skip)
        if not hasattr(template, "is_folded"):
            with self._folding:
                if not hasattr(template, "is_folded"):
                    fold(template.nodelist)
                    template.is_folded = True  # type: ignore[attr-defined]
        return template


class ConstantPart(Node):
    """Neighbours that say the same to everybody who reads one language."""

    child_nodelists = ()

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.token, self.origin = nodes[0].token, nodes[0].origin
        self._kept: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The part in the language of the moment."""
        language = get_language()
        kept = self._kept.get(language)
        if kept is None:
            kept = mark_safe(self.nodes.render(context.new()))  # noqa: S308 - rendered by Django, escaped there
            self._kept[language] = kept
        return kept


def fold(nodes: NodeList) -> None:
    """Fold the list and every list inside its nodes, in place."""
    for node in nodes:
        for inner in _lists_inside(node):
            fold(inner)
    folded: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if _is_constant(node):
            run.append(node)
            continue
        folded += _as_one(run)
        run = []
        folded.append(node)
    nodes[:] = [*folded, *_as_one(run)]


def _as_one(run: Sequence[Node]) -> list[Node]:
    if not run or all(isinstance(node, TextNode) for node in run):
        return list(run)
    return [ConstantPart(run)]


def _lists_inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):  # its own list of its lists is made anew whenever it is asked for
        yield from (inside for _, inside in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        inside = getattr(node, name, None)
        if isinstance(inside, NodeList):
            yield inside


def _is_constant(node: Node) -> bool:
    says_so = _CONSTANT.get(type(node))
    return says_so is not None and says_so(node)


def _is_literal(expression: FilterExpression) -> bool:
    """A text or number of the template itself, through no filter."""
    if expression.filters:
        return False
    return not isinstance(expression.var, Variable) or expression.var.literal is not None


_CONSTANT: dict[type[Node], Callable[[Any], bool]] = {
    TextNode: lambda _: True,
    CommentNode: lambda _: True,
    LoadNode: lambda _: True,
    TranslateNode: lambda n: not n.asvar and not n.message_context and _is_literal(n.filter_expression),
    BlockTranslateNode: lambda n: (
        not (n.asvar or n.message_context or n.plural or n.extra_context)
        and all(token.token_type == TokenType.TEXT for token in n.singular)
    ),
    URLNode: lambda n: not (n.asvar or n.args or n.kwargs) and _is_literal(n.view_name),
    StaticNode: lambda n: not n.varname and _is_literal(n.path),
    SimpleNode: lambda n: n.func is icons.icon and not (n.target_var or n.kwargs) and all(map(_is_literal, n.args)),
    StillNode: lambda n: not n.varies,
}
