"""NCOVI: an account with its household; members are records of their own."""

from datetime import date

from sixth_nation import forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Written, write_down
from sixth_nation.land import written_address
from sixth_nation.mistakes import Born
from sixth_nation.name_lists import COUNTRIES
from sixth_nation.people import Person

SYMPTOMS = ["Sốt", "Ho", "Khó thở", "Đau họng", "Mệt mỏi", "Mất vị giác"]
CHRONIC = ["Tăng huyết áp", "Đái tháo đường", "Hen suyễn", "Tim mạch", "Ung thư"]
CONTACTS = ("", "", "", "Không", "Có tiếp xúc người từ vùng dịch", "F2")


class Ncovi:
    """Writes its file."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng, self.nation = delivery, delivery.rng, delivery.nation

    def write_house(self, house: list[Person], named: list[Person]) -> None:
        """One account of a house, or several; `named` are those whom this system knows."""
        if not named:
            return
        rng = self.rng
        grown = [one for one in named if one.age >= 16] or [max(house, key=lambda one: one.age)]
        most = 1 + (rng.random() < 0.3)
        heads = [one for one in grown if one.phone][:most] or grown[:1]
        rest = [one for one in named if one not in heads]
        if rng.random() < 0.5:
            rest = [one for one in house if one not in heads]
        self._account(heads[0], rest)
        for head in heads[1:]:
            self._account(head, rest[:1] if rng.random() < 0.5 else [])

    def _account(self, head: Person, members: list[Person]) -> None:
        """`members` are the others declared under it; one holder in ten lists themselves too."""
        delivery, rng = self.delivery, self.rng
        day = delivery.day("2020-03-15", "2021-10-10")
        written = write_down(self.nation, head, day, year_alone=0.05, number_left_out=0.08)
        if own := head.phone_on(day):
            written.under_phone(own)
            written.faults = [fault for fault in written.faults if not fault.startswith("phone")]
        key = delivery.key("NC")
        if delivery.some(0.10):
            members = [head, *members]
        household = [self._member(f"{key}-{number}", head, written, one, day) for number, one in enumerate(members, 1)]
        declarations = self._declarations([str(member["memberId"]) for member in household])
        row: Row = {
            "accountId": key,
            "createdAt": forms.at(rng, delivery.moment(day)),
            "fullName": forms.name(rng, written.name),
            "dob": self._date(written.born),
            "sex": forms.SEXES["digits"][written.sex],
            "idNumber": forms.paper(rng, written.number, from_a_sheet=False),
            "phone": forms.phone(rng, written.phone),
            "provinceCode": written.home.area.province,
            "districtCode": written.home.area.district,
            "communeCode": written.home.area.commune,
            "address": written_address(rng, written.home),
            "household": household,
            "declarations": declarations,
        }
        delivery.add("ncovi", row, head, written.fault, written.evidence)

    def _member(self, key: str, head: Person, account: Written, one: Person, day: date) -> Row:
        """One of the household, at the account's home, with no phone, the account's or their own."""
        delivery, rng = self.delivery, self.rng
        written = write_down(self.nation, one, day, year_alone=0.15, number_left_out=0.25)
        written.evidence.commune = account.evidence.commune
        lot = rng.random()
        if lot < 0.35:
            written.under_phone("")
        elif lot < 0.7 and account.phone:
            written.under_phone(account.phone)
        insurance = one.insurance if one.insurance and delivery.some(0.35) else ""
        if insurance:
            written.evidence.numbers += (insurance,)
        row: Row = {
            "memberId": key,
            "fullName": forms.name(rng, written.name),
            "relation": "Bản thân" if one is head else self._relation(head, one),
            "idNumber": forms.paper(rng, written.number, from_a_sheet=False),
            "socialInsuranceNo": insurance,
            "nationality": COUNTRIES[one.nation],
            "sex": forms.SEXES["digits"][written.sex],
            "dob": self._date(written.born),
            "phone": forms.phone(rng, written.phone),
        }
        delivery.know("ncovi", key, one, written.fault, written.evidence)
        return row

    def _relation(self, head: Person, one: Person) -> str:
        """What the account's holder calls them, as their ages and names let one guess."""
        older, is_man = one.age - head.age, one.sex == "M"
        if older > 16:
            return "Bố" if is_man else "Mẹ"
        if older < -16:
            return "Con" if older > -45 else "Cháu"
        if one.sex != head.sex and one.age > 20 and one.name.split()[0] != head.name.split()[0]:
            return "Chồng" if is_man else "Vợ"
        return self.rng.choice(("Anh", "Em") if is_man else ("Chị", "Em"))

    def _date(self, born: Born) -> str:
        """One in ten with slashes."""
        has_slashes = self.rng.random() < 0.10
        return "{2:02d}/{1:02d}/{0}".format(*born) if has_slashes and born and born[1] else forms.iso_date(born)

    def _declarations(self, members: list[str]) -> list[Row]:
        delivery, rng = self.delivery, self.rng
        return [
            {
                "declarationId": delivery.key("ND"),
                "at": forms.at(rng, delivery.moment(delivery.day("2021-05-01", "2021-10-12"))),
                "memberId": rng.choice(members) if members and delivery.some(0.4) else None,
                "symptoms": rng.sample(SYMPTOMS, rng.randint(1, 2)) if delivery.some(0.06) else [],
                "contactHistory": rng.choice(CONTACTS),
                "chronicDiseases": [rng.choice(CHRONIC)] if delivery.some(0.1) else [],
            }
            for _ in range(rng.choice((0, 1, 1, 2, 4)))
        ]
