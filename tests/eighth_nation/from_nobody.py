"""Rows that stand for nobody: trials of an app, controls of a laboratory."""

from datetime import datetime

from eighth_nation.addresses import Addresses
from eighth_nation.delivery import Delivery, Row
from eighth_nation.from_bluezone import Bluezone
from sixth_nation.land import Area

LEAST_ROWS, PEOPLE_FOR_ONE = 4, 600
TRIALS = ("TEST", "ABC", "NGUYEN VAN TEST", "TEST TEST", "AAA")
CONTROLS = ("Chứng âm", "Chứng dương", "MẪU CHỨNG", "")


class Nobody:
    """Writes them into three files."""

    def __init__(self, delivery: Delivery, addresses: Addresses, bluezone: Bluezone) -> None:
        self.delivery, self.rng, self.addresses, self.bluezone = delivery, delivery.rng, addresses, bluezone

    def write(self) -> None:
        """A few of each."""
        nation = self.delivery.nation
        for _ in range(max(LEAST_ROWS, len(nation.people) // PEOPLE_FOR_ONE)):
            moment = self.delivery.moment("2021-06-01", "2021-11-01")
            area = self.rng.choice(nation.land.lived_in)
            self._add("tokhaiyte_domestic", self._declaration(moment, area), moment)
            self._add("bluezone_users", self._account(moment), moment)
            self._add("sampling", self._control(moment, area), moment)

    def _add(self, file: str, row: Row, moment: datetime) -> None:
        self.delivery.add_about_nobody(file, row, moment, kind="test_row", fault="nobody")

    def _declaration(self, moment: datetime, area: Area) -> Row:
        delivery, rng = self.delivery, self.rng
        return {
            "id": delivery.hex24(),
            "createdAt": delivery.at(moment),
            "otherUser": "0",
            "fullName": rng.choice(TRIALS),
            "birthYear": rng.choice(("", "1900", "2021")),
            "gender": "Khac",
            "provinceId": self.addresses.key("province", area.province),
            "phone": rng.choice(("0000000000", "0900000000", "")),
        }

    def _account(self, moment: datetime) -> Row:
        return {
            "userId": self.bluezone.new_key(),
            "registeredAt": self.delivery.at(moment),
            "fullName": self.rng.choice(("test", "bluezone test", "")),
        }

    def _control(self, moment: datetime, area: Area) -> Row:
        delivery, rng = self.delivery, self.rng
        return {
            "sampleId": delivery.key("SM", 10),
            "tubeBarcode": f"{rng.randrange(10**11):011d}",
            "pooled": "0",
            "collectedAt": delivery.at(moment),
            "siteName": "CDC tỉnh",
            "fullName": rng.choice(CONTROLS),
            "communeCode": area.commune,
            "method": "pcr",
            "result": rng.choice(("negative", "positive", "")),
            "labName": "CDC tỉnh",
        }
