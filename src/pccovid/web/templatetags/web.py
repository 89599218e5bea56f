"""Tags every page uses: {% icon "name" %}."""

from __future__ import annotations

from django import template

from pccovid.web import icons

register = template.Library()
register.simple_tag(icons.icon, name="icon")
