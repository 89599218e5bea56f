"""{% still … %}: a part of a page that says the same to everybody is put together once and kept.

    {% still here=here shared=is_shared %}…{% endstill %}

The part is made anew for each language and each value of the variables it is given, and it knows nothing else: what is
somebody's own is not there while it is rendered, so it cannot be kept.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
_MOST = 200
"""Parts kept of one place in a template; a place that varies more than that is no still one."""


@register.tag
def still(parser: Parser, token: Token) -> StillNode:
    """Keep what stands between the tags, by language and by the variables that the tag gives it."""
    _, *words = token.split_contents()
    varying = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError("still takes name=value only")
    nodes = parser.parse(("endstill",))
    parser.delete_first_token()
    return StillNode(nodes, varying)


class StillNode(template.Node):
    """The part, and what it came to for each value of its variables."""

    def __init__(self, nodelist: NodeList, varying: dict[str, FilterExpression]) -> None:
        self.nodelist, self._varying = nodelist, varying
        self._kept: dict[tuple[Any, ...], SafeString] = {}

    @property
    def varies(self) -> bool:
        """Whether anything but the language makes a difference."""
        return bool(self._varying)

    def render(self, context: template.Context) -> SafeString:
        given = {name: expression.resolve(context) for name, expression in self._varying.items()}
        language = get_language()
        key = (language, *map(str, given.values()))
        kept = self._kept.get(key)
        if kept is None:
            kept = mark_safe(self.nodelist.render(context.new({**given, "LANGUAGE_CODE": language})))  # noqa: S308
            if len(self._kept) < _MOST:
                self._kept[key] = kept
        return kept
