"""Our own drawings: one 24 × 24 line drawing for each word of the interface. Pure.

A drawing is decoration beside words, so it is hidden from screen readers.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_DRAWINGS = {
    "home": "M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    "people": "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5"
              "M16 5a3.2 3.2 0 0 1 0 6.2M17.5 14.3c2.3.7 3.7 2.5 4 5.2",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM19.5 14v2.5M20 20h-2.5M14 20h1",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
    "syringe": "M12 7 5 14v5h5l7-7ZM10.5 5.5l8 8M15.5 8.5 19 5M17 3l4 4M5 19l-2.5 2.5M9.2 10l2 2",
    "tube": "M9 3.5v13a3 3 0 0 0 6 0v-13M7.5 3.5h9M9 11h6",
    "form": "M7 4.5H5.5v16h13v-16H17M9 3h6v3.5H9zM8.5 11h7M8.5 14.5h7M8.5 18h4",
    "route": "M6 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM18 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.5 6H15a3 3 0 0"
             " 1 0 6H9a3 3 0 0 0 0 6h6.5",
    "border": "M3 20.5h18M5.5 20.5v-11M18.5 20.5v-11M3.5 9.5h17L12 3.5zM12 20.5v-7M9 17l3-3.5 3 3.5",
    "shield": "M12 3 4.5 6v5.5c0 4.5 3 7.5 7.5 9.5 4.5-2 7.5-5 7.5-9.5V6ZM8.5 12l2.5 2.5 4.5-5",
    "pin": "M12 21s-7-6-7-11.5a7 7 0 0 1 14 0C19 15 12 21 12 21ZM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "phone": "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 18h2",
    "globe": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3.5 12h17M12 3c2.5 2.5 3.5 5.5 3.5 9s-1 6.5-3.5 9"
             "c-2.5-2.5-3.5-5.5-3.5-9S9.5 5.5 12 3Z",
    "leave": "M14 4H5.5v16H14M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5",
    "check": "m5 12.5 4.5 4.5L19.5 7",
    "building": "M5 20.5v-16h10v16M15 10h4.5v10.5M3 20.5h18.5M8 8h1M11 8h1M8 12h1M11 12h1M8 16h1M11 16h1",
    "pencil": "m5 19 .8-4L16 4.8l3.2 3.2L9 18.2ZM14 7l3 3",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.5l3.5 2",
    "warning": "M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17v.2",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5.5M12 7.5v.2",
    "arrow": "M5 12h14M13.5 6.5 19 12l-5.5 5.5",
    "back": "M19 12H5M10.5 6.5 5 12l5.5 5.5",
    "copies": "M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
    "printer": "M7 9V4h10v5M7 16.5H4V9h16v7.5h-3M7 13.5h10V20H7z",
    "minus": "M5 12h14",
    "plus": "M12 5v14M5 12h14",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20.5 20.5",
    "tray": "M4 13.5 6.5 5h11L20 13.5v6H4ZM4 13.5h5l1 2.5h4l1-2.5h5",
    "link": "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
    "table": "M4 5h16v14H4zM4 10h16M10 5v14",
    "message": "M4 5h16v11.5h-9L6.5 20v-3.5H4zM8 9h8M8 12.5h5",
}  # fmt: skip


def icon(name: str) -> SafeString:
    """The drawing as inline SVG. Raises KeyError for a word without a drawing."""
    path = _DRAWINGS[name]
    return mark_safe(  # noqa: S308 - both parts are our own constants
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{path}"/></svg>'
    )
