"""Vaccination: accounts and doses."""

from datetime import date, datetime, time, timedelta
from random import Random

from fifth_nation import forms, occasions
from fifth_nation.choosing import since
from fifth_nation.delivery import Delivery, Row
from fifth_nation.families import TODAY
from fifth_nation.people import Person

PRODUCTS = ("AstraZeneca", "Pfizer", "Moderna", "Vero Cell", "Hayat-Vax", "Sputnik V", "Abdala")
PRODUCT_WEIGHTS = (34, 30, 8, 24, 1, 1, 2)
JOBS = ("Nông dân", "Công nhân", "Giáo viên", "Học sinh", "Nội trợ", "Buôn bán", "Hưu trí", "")


def write(rng: Random, one: Person, delivery: Delivery) -> None:
    """An account, or for one in thirty two (an old card at one dose, a new one at the next), and what was injected."""
    count = len(delivery.rows.get("sskdt_people.csv", ()))
    accounts = []
    for number in range(2 if rng.random() < 0.033 and one.old_card else 1):
        typed = occasions.about(rng, one, since(one, "sskdt") if number == 0 else TODAY)
        typed.paper = (one.old_card, one.personal_id)[number] if typed.paper and one.old_card else typed.paper
        accounts.append((f"SK{count + number + 1:08d}", typed))
        _account(rng, one, accounts[-1], delivery)
    _doses(rng, one, accounts, delivery)


def _account(rng: Random, one: Person, account: tuple[str, occasions.Typed], delivery: Delivery) -> None:
    key, typed = account
    born = typed.born[0] if isinstance(typed.born, tuple) and rng.random() < 0.08 else typed.born
    commune = typed.home.commune
    row: Row = {
        "personId": key,
        "registeredAt": forms.at(rng, forms.moment(rng, since(one, "sskdt"), TODAY)),
        "fullName": forms.typed_name(rng, typed),
        "dob": forms.day(rng, born),
        "sex": forms.sex(typed.sex, "words"),
        "phone": forms.phone(rng, typed.phone),
        "idNumber": forms.paper(rng, typed.paper),
        "bhytNumber": insurance(rng, typed.insurance),
        "occupation": rng.choice(JOBS),
        "ethnicity": one.ethnicity,
        "nationality": "Việt Nam" if one.nation == "VN" else one.nation,
        "priorityGroup": str(rng.randint(1, 16)),
        "provinceCode": commune.province,
        "districtCode": commune.district,
        "communeCode": commune.code,
        "address": typed.address,
    }
    delivery.add("sskdt_people.csv", "personId", row, one, typed.fault)


def insurance(rng: Random, number: str) -> str:
    """Half give it: all fifteen characters, or the ten that newer cards print."""
    if rng.random() < 0.5:
        return ""
    return number if rng.random() < 0.6 else number[5:]


def _doses(rng: Random, one: Person, accounts: list[tuple[str, occasions.Typed]], delivery: Delivery) -> None:
    wanted = rng.choices((0, 1, 2, 3, 4), (4, 8, 38, 40, 10) if one.age(TODAY) >= 18 else (15, 20, 60, 5, 0))[0]
    day = max(date(2021, 3, 8), since(one, "sskdt")) + timedelta(days=rng.randint(0, 330))
    for number in range(1, wanted + 1):
        if day > TODAY:
            return
        if rng.random() > 0.066:
            account = accounts[min(number // 2, len(accounts) - 1)]
            given = _Dose(rng, number, day, one)
            given.enter(account, delivery)
            if rng.random() < 0.02:
                given.enter_elsewhere(account, delivery)
        day += timedelta(days=rng.randint(28, 120))


class _Dose:
    """One injection; whoever enters it writes it their own way."""

    def __init__(self, rng: Random, number: int, day: date, one: Person) -> None:
        self.rng, self.number, self.day, self.one = rng, number, day, one
        self.product = rng.choices(PRODUCTS, PRODUCT_WEIGHTS)[0]
        self.lot = f"{rng.choice('ABEFKN')}{rng.randint(1000, 1400)}"
        self.commune = one.home.commune

    def enter(self, account: tuple[str, occasions.Typed], delivery: Delivery) -> None:
        """Nine in ten under the account: three in five of those leave the person's columns empty."""
        lot = self.rng.random()
        if lot < 0.55:
            self._write(account[0], None, delivery, account[1].fault)
        elif lot < 0.9:
            self._write(account[0], account[1], delivery, account[1].fault)
        else:
            self._by_hand(delivery)

    def enter_elsewhere(self, account: tuple[str, occasions.Typed], delivery: Delivery) -> None:
        """The same dose by another facility, a day or two off."""
        self.day += timedelta(days=self.rng.randint(-1, 2))
        if self.rng.random() < 0.5:
            self._write(account[0], None, delivery, "dose twice")
        else:
            self._by_hand(delivery)

    def _by_hand(self, delivery: Delivery) -> None:
        typed = occasions.about(self.rng, self.one, self.day)
        if self.rng.random() < 0.05:
            typed.paper, typed.fault = "", typed.fault or "no id"
        self._write("", typed, delivery, typed.fault)

    def _write(self, account: str, typed: occasions.Typed | None, delivery: Delivery, fault: str) -> None:
        rng, hour = self.rng, rng_hour(self.rng, self.day)
        late = rng.randint(0, 3) if rng.random() < 0.7 else rng.randint(4, 60)
        row: Row = {
            "doseId": f"D{len(delivery.rows.get('sskdt_doses.csv', ())) + 1:09d}",
            "personId": account,
            "fullName": forms.typed_name(rng, typed) if typed else "",
            "dob": forms.day(rng, typed.born, "typed") if typed else "",
            "sex": forms.sex(typed.sex, "words") if typed else "",
            "phone": forms.phone(rng, typed.phone) if typed else "",
            "idNumber": forms.paper(rng, typed.paper) if typed else "",
            "doseNumber": str(self.number),
            "product": self.product,
            "lotNumber": self.lot,
            "injectedAt": forms.at(rng, hour),
            "siteCode": f"{self.commune.code}01",
            "siteName": f"Trạm y tế {self.commune.name}",
            "reactionNote": rng.choice(("", "", "", "Sốt nhẹ", "Đau chỗ tiêm")),
            "enteredAt": forms.at(rng, hour + timedelta(days=late)),
        }
        delivery.add("sskdt_doses.csv", "doseId", row, self.one, fault)


def rng_hour(rng: Random, day: date) -> datetime:
    """A moment of that day's session."""
    return datetime.combine(day, time(rng.randint(7, 16), rng.randint(0, 59)))
