"""Samples: single tubes and pools, put down on hasty lists."""

from dataclasses import dataclass
from datetime import date, timedelta

from sixth_nation import forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Written, write_down
from sixth_nation.people import Person

RESULTS = ("negative", "positive", "inconclusive", "")
OF_POOLS, OF_SINGLE_TUBES = (94, 2, 1, 3), (88, 8, 1, 3)
FIRST_DAY, END = "2021-06-01", "2022-03-10"


@dataclass
class Tube:
    """One tube, and how many more samples go into it."""

    barcode: str
    room: int
    day: date
    result: str
    method: str = "pcr"


class Sampling:
    """Writes its file."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng, self.nation = delivery, delivery.rng, delivery.nation
        self.pools: dict[str, Tube] = {}
        """By commune the pool that is being filled."""

    def write(self, person: Person) -> None:
        """All samples of somebody."""
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            self._sample(person)

    def write_control(self) -> None:
        """A tube that was nobody's."""
        delivery, rng = self.delivery, self.rng
        day = delivery.day(FIRST_DAY, END)
        row: Row = {
            **dict.fromkeys(["dob", "sex", "phone", "idNumber", "communeCode", "ctValue"], ""),
            "sampleId": delivery.key("SA"),
            "tubeBarcode": self._barcode(),
            "pooled": "0",
            "collectedAt": forms.at(rng, delivery.moment(day)),
            "siteName": "",
            "fullName": rng.choice(("MẪU CHỨNG", "Chứng âm", "TEST MAY", "")),
            "method": "pcr",
            "result": "negative",
            "resultAt": "",
            "labName": "CDC",
        }
        delivery.add_about_nobody("sampling", row, "nobody")

    def _sample(self, person: Person) -> None:
        delivery = self.delivery
        day, is_pooled = delivery.day(FIRST_DAY, END), delivery.some(0.45)
        tube = self._pool(person, day) if is_pooled else self._single(day)
        written = write_down(
            self.nation,
            person,
            tube.day,
            year_alone=0.40 if is_pooled else 0.20,
            number_left_out=0.15 if is_pooled else 0.08,
        )
        if delivery.some(0.05):
            written.evidence.commune = ""
        row = self._row(tube, written) | {"pooled": "1" if is_pooled else "0"}
        delivery.add("sampling", row, person, written.fault, written.evidence)

    def _pool(self, person: Person, day: date) -> Tube:
        """Neighbours share a tube, its day and its result."""
        rng, commune = self.rng, person.home.area.commune
        pool = self.pools.get(commune)
        if not pool or pool.room == 0:
            pool = Tube(self._barcode(), rng.choice((5, 10)), day, rng.choices(RESULTS, OF_POOLS)[0])
            self.pools[commune] = pool
        pool.room -= 1
        return pool

    def _single(self, day: date) -> Tube:
        barcode, method = self._barcode(), self.rng.choice(("pcr", "antigen"))
        return Tube(barcode, 0, day, self.rng.choices(RESULTS, OF_SINGLE_TUBES)[0], method)

    def _row(self, tube: Tube, written: Written) -> Row:
        delivery, rng, area = self.delivery, self.rng, written.home.area
        taken = delivery.moment(tube.day, 6, 18)
        form = rng.random()
        sexes = forms.SEXES["words" if form < 0.6 else "digits" if form < 0.9 else "letters"]
        has_value = tube.result == "positive" and tube.method == "pcr"
        return {
            "sampleId": delivery.key("SA"),
            "tubeBarcode": tube.barcode,
            "collectedAt": forms.at(rng, taken),
            "siteName": rng.choice(
                (f"TYT {area.commune_name}", f"Điểm lấy mẫu {area.commune_name}", f"TTYT {area.district_name}")
            ),
            "fullName": forms.name(rng, written.name),
            "dob": forms.slashed_date(rng, written.born) if form < 0.85 else forms.iso_date(written.born),
            "sex": sexes[written.sex],
            "phone": forms.phone(rng, written.phone),
            "idNumber": forms.paper(rng, written.number),
            "communeCode": written.evidence.commune,
            "method": tube.method,
            "result": tube.result,
            "ctValue": f"{rng.uniform(14, 36):.1f}" if has_value else "",
            "resultAt": forms.at(rng, taken + timedelta(hours=rng.randint(1, 60))) if tube.result else "",
            "labName": rng.choice((f"CDC {area.province_name}", "Viện Pasteur", "BV tỉnh")),
        }

    def _barcode(self) -> str:
        return "".join(self.rng.choices("0123456789", k=10))
