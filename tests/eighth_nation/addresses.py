"""How homes are written: the house with names behind it, codes of areas, the keys of tokhaiyte's own list."""

import hashlib

from eighth_nation.delivery import Delivery, Row
from eighth_nation.identity import Written
from eighth_nation.land import STREET
from eighth_nation.name_lists import COUNTRIES
from eighth_nation.people import Home
from sixth_nation.land import Area, toneless

SHORT = {"Phường ": "P. ", "Quận ": "Q. ", "Thành phố ": "TP. ", "Huyện ": "H. ", "Thị xã ": "TX. ", "Tỉnh ": ""}
WHOLE, SHORTENED, TONELESS, IN_CAPITALS, MERGED_AWAY = 0.5, 0.3, 0.08, 0.05, 0.06


class Addresses:
    """Writes them; what a record then says right is noted in its evidence."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng = delivery, delivery.rng
        self.merged_away = delivery.nation.land.merged_away
        self._salt = str(self.rng.randrange(10**9))

    def address(self, home: Home, written: Written | None = None, *, is_whole: bool | None = None) -> str:
        """As somebody writes it; a whole one has commune, district and province behind, as half of them have."""
        text = self._house(home)
        if written and home.number:
            written.evidence.house = home.house
        if is_whole is None:
            is_whole = self.delivery.some(WHOLE)
        if is_whole:
            text = ", ".join((text, *self._names_above(home.area)))
        if self.delivery.some(TONELESS):
            return toneless(text)
        return text.upper() if self.delivery.some(IN_CAPITALS) else text

    def codes(self, home: Home, written: Written) -> tuple[str, str, str]:
        """Of province, district and commune; now and then that of a commune that has since merged away."""
        area = home.area
        gone = [code for code in self.merged_away.get(area.district, ()) if code != area.commune]
        if gone and self.delivery.some(MERGED_AWAY):
            written.kinds.append("merged_commune")
            return area.province, area.district, self.rng.choice(gone)
        written.evidence.commune = area.commune
        return area.province, area.district, area.commune

    def keys(self, home: Home, written: Written) -> Row:
        """The same in the columns of tokhaiyte, by the keys of its own list."""
        codes = zip(("province", "district", "ward"), self.codes(home, written), strict=True)
        return {f"{level}Id": self.key(level, code) for level, code in codes}

    def key(self, level: str, code: str) -> str:
        """The vendor's own key of an area or a nation."""
        return hashlib.md5(f"{self._salt}{level}/{code}".encode()).hexdigest()[:24]

    def list_areas(self) -> None:
        """The vendor's lists of areas and nations."""
        seen = set()
        for area in self.delivery.nation.land.listed:
            for level, code, name, parent in self._levels(area):
                if code and (level, code) not in seen:
                    seen.add((level, code))
                    row: Row = {"id": self.key(level, code), "level": level, "name": name, "parentId": parent}
                    self.delivery.add_to_list("tokhaiyte_areas", row)
        for code, name in COUNTRIES.items():
            row = {"id": self.key("nation", code), "name": name, "iso2": code}
            self.delivery.add_to_list("tokhaiyte_nations", row)

    def _levels(self, area: Area) -> tuple[tuple[str, str, str, str], ...]:
        """Level, code, name, and the key of what it lies in."""
        return (
            ("province", area.province, area.province_name, ""),
            ("district", area.district, area.district_name, self.key("province", area.province)),
            ("ward", area.commune, area.commune_name, self.key("district", area.district)),
        )

    def _house(self, home: Home) -> str:
        _, number, street, kind = home
        if kind == STREET:
            ways = (f"{number} {street}", f"Số {number} {street}", f"Số {number}, đường {street}")
            return self.rng.choice((*ways, f"{number} đường {street}"))
        if not number:
            return f"{kind} {street}"
        return self.rng.choice((f"Số {number}, {kind} {street}", f"{number} {kind} {street}"))

    def _names_above(self, area: Area) -> list[str]:
        names = [area.commune_name, area.district_name, area.province_name]
        return [_shortened(name) for name in names] if self.delivery.some(SHORTENED) else names


def _shortened(name: str) -> str:
    for word, short in SHORT.items():
        if name.startswith(word):
            return short + name.removeprefix(word)
    return name
