"""How phones, identity numbers and insurance numbers get written."""

from __future__ import annotations

from random import Random

OLD_PREFIX = {
    "070": "0120",
    "079": "0121",
    "077": "0122",
    "076": "0126",
    "078": "0128",
    "083": "0123",
    "084": "0124",
    "085": "0125",
    "081": "0127",
    "082": "0129",
    "056": "0186",
    "058": "0188",
    "059": "0199",
    **{f"03{n}": f"016{n}" for n in range(2, 10)},
}
PHONES = ["plain"] * 5 + ["+84", "84", "spaced", "dots", "old", "float", "bare"]


def phone(number: str, rng: Random) -> str:
    """The phone in one of the usual ways."""
    bare = number[1:]
    parts = [number[:4], number[4:7], number[7:]]
    how = rng.choice(PHONES)
    old = OLD_PREFIX.get(number[:3], number[:3]) + number[3:]
    return {
        "plain": number,
        "+84": f"+84{bare}",
        "84": f"84{bare}",
        "spaced": " ".join(parts),
        "dots": ".".join(parts),
        "old": old,
        "float": f"{bare}.0",
        "bare": bare,
    }[how]


def identifier(number: str, rng: Random) -> tuple[str, str]:
    """The number in one of the usual ways, and the fault class."""
    how = rng.choices(["", "spaced", "dots", "float", "zero", "quote"], [86, 3, 2, 3, 4, 2])[0]
    if how in ("", "quote") or not number.isdigit():
        return ("'" + number, "id_quoted") if how == "quote" else (number, "")
    if how in ("spaced", "dots"):
        mark = " " if how == "spaced" else "."
        return mark.join(number[i : i + 3] for i in range(0, len(number), 3)), f"id_{how}"
    bare = str(int(number))
    text = bare + ".0" if how == "float" else bare
    return text, "id_lost_zero" if bare != number else "id_float" if how == "float" else ""


def insurance(number: str, rng: Random) -> str:
    """The insurance number: whole, its last ten, in small letters, or with blanks."""
    blanks = f"{number[:2]} {number[2]} {number[3:5]} {number[5:]}"
    return rng.choice([number] * 9 + [number[-10:], number.lower(), blanks])
