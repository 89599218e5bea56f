"""Where people are vaccinated and sampled."""

from typing import NamedTuple

from eighth_nation.delivery import Delivery
from sixth_nation.land import Area


class Site(NamedTuple):
    """Its code and name, and the phone that its staff types for whoever has none."""

    code: str
    name: str
    phone: str


class Sites:
    """Two for each commune: its health station, and the centre of its district."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._of_commune: dict[str, list[Site]] = {}

    def near(self, area: Area) -> Site:
        """One of the two."""
        if area.commune not in self._of_commune:
            self._of_commune[area.commune] = self._open(area, len(self._of_commune))
        return self.delivery.rng.choice(self._of_commune[area.commune])

    def _open(self, area: Area, number: int) -> list[Site]:
        office, name = self.delivery.nation.office, area.commune_name
        station = f"Trạm Y tế {name.lower() if self.delivery.some(0.3) else name}"
        centre_code = f"{area.province}{900 + int(area.district) % 100}"
        return [
            Site(f"{area.province}{number % 1000:03d}", station, office.new_phone()),
            Site(centre_code, f"Trung tâm Y tế {area.district_name}", office.new_phone()),
        ]
