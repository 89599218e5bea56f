"""Issues the numbers of made people: personal id, old id card, passport, insurance number, phone.

Structure after the domain handbook: a personal id is `PPPGYYNNNNNN`; twins of one sex follow each other.
Every number is unique in its nation.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from math import gcd
from random import Random

from pccovid.sandbox.drawing import stream

_SERIAL_PRIME = 499_979
_SERIAL_STEP = 170_141
_NUMBER_SPACE = 9_999_991
_INSURANCE_SPACE = 99_999_989
_SERIES_SPACE = 999_983
_SMALL_FACTORS = 2 * 3 * 5 * 11

# First three digits of the CMND that each province's police issued (as commonly listed, not official: †).
_SERIES_BY_PROVINCE = """
    01 010 011 012 013|02 073|04 080|06 095|08 070 071|10 063|11 040|12 045|14 050 051|15 060 061|17 113|19 090 091 092
    20 082|22 100 101|24 121 122|25 131 132|26 135|27 125|30 141 142|31 031 032|33 145|34 151 152|35 168|36 162 163
    37 164|38 171 172 173 174|40 186 187|42 183 184|44 194|45 197|46 191 192|48 201|49 205 206|51 212
    52 211 215|54 221|56 225
    58 264|60 261|62 233|64 230 231|66 240 241|67 245|68 250 251|70 285|72 290 291|74 280 281|75 271 272|77 273
    79 020 021 022 023 024 025|80 300 301|82 310 311 312|83 320 321|84 334|86 331|87 340 341|89 351 352|91 370 371
    92 361 362|93 363|94 365 366|95 385|96 380 381
"""
_CMND_SERIES = {
    words[0]: words[1:]
    for line in _SERIES_BY_PROVINCE.splitlines()
    for entry in line.split("|")
    if (words := entry.split())
}

# Mobile prefixes in use, and the four digits some of them had before the change of 2018–19.
OLD_PREFIX = {
    "070": "0120", "079": "0121", "077": "0122", "076": "0126", "078": "0128", "083": "0123", "084": "0124",
    "085": "0125", "081": "0127", "082": "0129", "032": "0162", "033": "0163", "034": "0164", "035": "0165",
    "036": "0166", "037": "0167", "038": "0168", "039": "0169", "056": "0186", "058": "0188", "059": "0199",
}  # fmt: skip
PREFIXES = (*OLD_PREFIX, "086", "096", "097", "098", "089", "090", "093", "088", "091", "094", "092", "099")


class Registrar:
    """Hands out numbers for one nation. Memory: one counter for each province, century, sex and year of birth."""

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "nation", 1)
        self._offset = rng.randrange(1, _SERIAL_PRIME)
        self._spread = _coprime_spread(rng)
        self._issued: dict[str, int] = defaultdict(int)
        self._reserved: set[str] = set()

    def personal_id(self, province: str, sex: str, birth: date) -> str:
        """A new 12-digit personal id. Its serial is even: the odd one after it is kept for a twin."""
        prefix = id_prefix(province, sex, birth)
        while True:
            count = self._issued[prefix]
            self._issued[prefix] = count + 1
            number = f"{prefix}{2 * ((count * _SERIAL_STEP + self._start(prefix)) % _SERIAL_PRIME):06d}"
            if number not in self._reserved:
                return number

    def reserve(self, number: str) -> bool:
        """Take this very personal id if nobody has it or will get it otherwise; False if it is gone."""
        serial = int(number[6:])
        count = (serial // 2 - self._start(number[:6])) * pow(_SERIAL_STEP, -1, _SERIAL_PRIME) % _SERIAL_PRIME
        free = serial % 2 == 0 and number not in self._reserved and count >= self._issued[number[:6]]
        if free:
            self._reserved.add(number)
        return free

    def _start(self, prefix: str) -> int:
        """Every prefix begins its serials elsewhere."""
        return int(prefix) * self._offset

    def old_id(self, province: str, person: int) -> str:
        """A nine-digit CMND number: three digits of a police series, six of its own. Unique below a million people."""
        series = _CMND_SERIES[province]
        position = person * self._spread
        return f"{series[position // _SERIES_SPACE % len(series)]}{position % _SERIES_SPACE:06d}"

    def insurance_no(self, province: str, person: int) -> str:
        """A ten-digit social-insurance number."""
        return f"{province}{(person * self._spread * 7) % _INSURANCE_SPACE:08d}"

    def passport(self, letter: str, person: int) -> str:
        """A passport number: one letter and seven digits."""
        return f"{letter}{(person * self._spread * 3) % _NUMBER_SPACE:07d}"

    def phone(self, owner: int, generation: int = 0) -> str:
        """A mobile number of today (ten digits). Each owner has as many as there are generations (0, 1)."""
        position = (2 * owner + generation) * self._spread
        return f"{PREFIXES[(position // _NUMBER_SPACE) % len(PREFIXES)]}{position % _NUMBER_SPACE:07d}"


def _coprime_spread(rng: Random) -> int:
    """A multiplier that never maps two people to one number."""
    while True:
        spread = rng.randrange(1_000_003, 8_999_993)
        if gcd(spread, _SMALL_FACTORS * _NUMBER_SPACE * _INSURANCE_SPACE * _SERIES_SPACE) == 1:
            return spread


def id_prefix(province: str, sex: str, birth: date) -> str:
    """The first six digits: province of birth registration, century and sex, year of birth."""
    century_sex = 2 * (birth.year // 100 - 19) + (sex == "female")
    return f"0{province}{century_sex}{birth.year % 100:02d}"


def twin_id(number: str) -> str:
    """The personal id that follows `number`."""
    return f"{int(number) + 1:012d}"


def insurance_card(rng: Random, number: str, age: int) -> str:
    """The 15-character card of a social-insurance number: object, benefit, province, number."""
    if age < 6:
        kind = "TE1"
    elif age < 18:
        kind = "HS4"
    else:
        kind = rng.choice(("DN4", "GD4", "GD4", "HC4", "HT3", "HN2", "DT2"))
    return f"{kind}{number[:2]}{number}"
