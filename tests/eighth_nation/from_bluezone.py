"""Bluezone: a phone that a code was sent to, and whatever name was typed."""

from eighth_nation.addresses import Addresses
from eighth_nation.delivery import Delivery, Row
from eighth_nation.forms import NO_DATE_ASKED
from eighth_nation.identity import Form, Written
from eighth_nation.people import Person

FORM = Form(NO_DATE_ASKED, asks_number=False, needs_own_phone=True)
TWO_ACCOUNTS, WITHOUT_NAME, HAS_ADDRESS, WHOLE_ADDRESS = 0.04, 0.02, 0.85, 0.8


class Bluezone:
    """Writes its file."""

    def __init__(self, delivery: Delivery, addresses: Addresses) -> None:
        self.delivery, self.addresses = delivery, addresses

    def write(self, person: Person) -> bool:
        """All accounts of somebody; whether a number was always there, for without one there is no account."""
        return all(self._register(person) for _ in range(2 if self.delivery.some(TWO_ACCOUNTS) else 1))

    def new_key(self) -> str:
        """Eight digits."""
        delivery = self.delivery
        return delivery.unused.draw(lambda: str(delivery.rng.randrange(10**7, 10**8)))

    def _register(self, person: Person) -> bool:
        delivery = self.delivery
        moment = delivery.moment("2020-08-01", "2021-09-15")
        written = delivery.pen.write(person, moment, FORM)
        if not written.phone:
            return False
        if delivery.some(WITHOUT_NAME):
            written.without_name()
        row: Row = {
            "userId": self.new_key(),
            "registeredAt": delivery.at(moment),
            "phone": written.phone,
            "fullName": written.name,
            "address": self._address(written),
        }
        delivery.add("bluezone_users", row, person, written, moment)
        return True

    def _address(self, written: Written) -> str:
        if not self.delivery.some(HAS_ADDRESS):
            return ""
        is_whole = self.delivery.some(WHOLE_ADDRESS)
        return self.addresses.address(written.home, written, is_whole=is_whole)
