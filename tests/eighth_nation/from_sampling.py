"""Samples: single tubes, and tubes that a household or neighbours share."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eighth_nation.addresses import Addresses
from eighth_nation.choosing import MOST_SYSTEMS, Chosen
from eighth_nation.delivery import Delivery, Row
from eighth_nation.identity import Written
from eighth_nation.people import Person
from eighth_nation.sites import Site, Sites
from sixth_nation.forms import SEXES

SAMPLES = {1: 65, 2: 25, 3: 10}
POSITIVE, OF_A_HOUSEHOLD, JOINS, BY_PCR, LATE, WITH_NEIGHBOURS = 0.05, 0.25, 0.25, 0.6, 0.04, 0.3
RESULTS = {"negative": 99, "inconclusive": 1}
LABORATORIES = ("CDC tỉnh", "Viện Pasteur", "Bệnh viện tỉnh")


@dataclass
class Tube:
    """One tube, and what came out of it."""

    barcode: str
    moment: datetime
    is_positive: bool
    is_late: bool
    """Whether there is no result yet."""
    is_pooled: bool
    method: str


class Sampling:
    """Writes its file."""

    def __init__(self, delivery: Delivery, addresses: Addresses, sites: Sites) -> None:
        self.delivery, self.rng, self.addresses, self.sites = delivery, delivery.rng, addresses, sites
        self.pools: dict[str, Tube] = {}
        """By commune the last tube that several shared."""

    def write(self, person: Person, chosen: Chosen) -> None:
        """All samples of somebody, and of those at home who came along."""
        for _ in range(self.delivery.one_of(SAMPLES)):
            self._sample(person, chosen)

    def _sample(self, person: Person, chosen: Chosen) -> None:
        delivery = self.delivery
        moment = delivery.moment("2021-06-01", "2022-02-28")
        is_positive = delivery.some(POSITIVE)
        group = [person, *self._company(person, chosen)]
        is_pooled = len(group) > 1
        method = "pcr" if is_pooled or delivery.some(BY_PCR) else "antigen"
        tube = Tube(delivery.key("", 11), moment, is_positive, delivery.some(LATE), is_pooled, method)
        if is_pooled:
            tube = self._pool(tube, person.home_on(moment.date()).area.commune)
        for one in group:
            self._put(one, tube)

    def _company(self, person: Person, chosen: Chosen) -> list[Person]:
        """Who of the house goes into the same tube; for them this is one more system."""
        if not self.delivery.some(OF_A_HOUSEHOLD):
            return []
        others = (one for one in person.others if len(chosen[one.number] | {"sampling"}) <= MOST_SYSTEMS)
        company = [one for one in others if self.delivery.some(JOINS)]
        for one in company:
            chosen[one.number].add("sampling")
        return company

    def _pool(self, tube: Tube, commune: str) -> Tube:
        """Some add theirs to the tube of neighbours."""
        if commune not in self.pools or not self.delivery.some(WITH_NEIGHBOURS):
            self.pools[commune] = tube
        return self.pools[commune]

    def _put(self, person: Person, tube: Tube) -> None:
        delivery = self.delivery
        site = self.sites.near(person.home_on(tube.moment.date()).area)
        written = delivery.pen.write(person, tube.moment, staff_phone=site.phone)
        delivery.add("sampling", self._row(person, tube, written, site), person, written, tube.moment)

    def _row(self, person: Person, tube: Tube, written: Written, site: Site) -> Row:
        delivery, rng = self.delivery, self.rng
        key, is_by_pcr = delivery.key("SM", 10), tube.method == "pcr"
        sex = SEXES[rng.choice(("words", "letters"))][person.sex]
        result = self._result(tube)
        has_value = result == "positive" and is_by_pcr
        return {
            "sampleId": key,
            "tubeBarcode": tube.barcode,
            "pooled": str(int(tube.is_pooled)),
            "collectedAt": delivery.at(tube.moment),
            "siteName": site.name,
            "fullName": written.name,
            "dob": written.born,
            "sex": sex,
            "phone": written.phone,
            "idNumber": written.number,
            "communeCode": self.addresses.codes(written.home, written)[2],
            "method": tube.method,
            "result": result,
            "ctValue": f"{rng.uniform(14, 36):.1f}" if has_value else "",
            "resultAt": "" if tube.is_late else delivery.at(tube.moment + timedelta(hours=rng.randrange(1, 40))),
            "labName": rng.choice(LABORATORIES) if is_by_pcr else "",
        }

    def _result(self, tube: Tube) -> str:
        if tube.is_late:
            return ""
        return "positive" if tube.is_positive else self.delivery.one_of(RESULTS)
