"""Accounts that list a household, and what was declared for its members."""

from datetime import datetime, timedelta

from eighth_nation.addresses import Addresses
from eighth_nation.choosing import Account
from eighth_nation.delivery import Delivery, Row
from eighth_nation.forms import ISO, SLASHED
from eighth_nation.identity import Form, Written
from eighth_nation.name_lists import COUNTRIES
from eighth_nation.people import CHILD, FATHER, HEAD, MOTHER, WIFE, Person
from sixth_nation.forms import SEXES

RELATIONS = {WIFE: "Vợ", CHILD: "Con", FATHER: "Bố", MOTHER: "Mẹ", HEAD: "Chồng"}
"""As the head of the house calls them."""
RELATIONS_TO_OTHERS = {CHILD: "Anh/chị/em", HEAD: "Chủ hộ"}
SEX_UNKNOWN, PHONE_LEFT_OUT, HAS_INSURANCE = 0.01, 0.4, 0.55
DECLARATIONS = {0: 20, 1: 40, 2: 25, 4: 15}
SYMPTOMS = {(): 90, ("sốt",): 4, ("ho", "đau họng"): 4, ("khó thở",): 2}
CONTACTS = ("", "", "", "Tiếp xúc người về từ vùng dịch")
CHRONIC = {(): 85, ("Tăng huyết áp",): 8, ("Đái tháo đường",): 5, ("Hen",): 2}


class Ncovi:
    """Writes its file."""

    def __init__(self, delivery: Delivery, addresses: Addresses) -> None:
        self.delivery, self.rng, self.addresses = delivery, delivery.rng, addresses

    def write(self, account: Account) -> None:
        """One account."""
        delivery, holder = self.delivery, account.holder
        moment, dates = delivery.moment("2020-03-10", "2021-09-30"), self.rng.choice((SLASHED, ISO))
        written = delivery.pen.write(holder, moment, Form(dates, needs_own_phone=True))
        row = self._account(holder, written, moment)
        delivery.add("ncovi", row, holder, written, moment)
        members = [self._member(member, account, written, moment, dates) for member in account.members]
        row["household"] = members
        row["declarations"] = self._declarations([None, *(member["memberId"] for member in members)], moment)

    def _account(self, holder: Person, written: Written, moment: datetime) -> Row:
        delivery, addresses = self.delivery, self.addresses
        key = delivery.key("NCV", 8)
        province, district, commune = addresses.codes(written.home, written)
        return {
            "accountId": key,
            "createdAt": delivery.at(moment),
            "fullName": written.name,
            "dob": written.born,
            "sex": SEXES["digits"]["" if self.rng.random() <= SEX_UNKNOWN else holder.sex],
            "idNumber": written.number,
            "phone": written.phone,
            "provinceCode": province,
            "districtCode": district,
            "communeCode": commune,
            "address": addresses.address(written.home, written),
        }

    def _member(self, member: Person, account: Account, of_account: Written, moment: datetime, dates: str) -> Row:
        """One of the household; the account's home and phone speak for them too."""
        delivery, lives_there = self.delivery, member.away is None
        phone = "" if not member.phones or delivery.some(PHONE_LEFT_OUT) else member.phones[0][1]
        home = of_account.home if lives_there else None
        written = delivery.pen.write(member, moment, Form(dates), phone=phone, home=home)
        evidence = written.evidence
        if lives_there:
            evidence.house, evidence.commune = of_account.evidence.house, of_account.evidence.commune
        evidence.phone_of_account = of_account.evidence.phone
        if member.insurance and delivery.some(HAS_INSURANCE):
            evidence.insurance = member.insurance_digits
        row: Row = {
            "memberId": delivery.key("MB", 9),
            "fullName": written.name,
            "relation": self._relation(member, account.holder),
            "idNumber": written.number,
            "socialInsuranceNo": evidence.insurance,
            "nationality": COUNTRIES[member.nation],
            "sex": SEXES["digits"][member.sex],
            "dob": written.born,
            "phone": written.phone,
        }
        delivery.know("ncovi", str(row["memberId"]), member, written)
        return row

    def _relation(self, member: Person, holder: Person) -> str:
        """What the account's holder calls them."""
        if member is holder:
            return "Bản thân"
        if holder is holder.house.head:
            return RELATIONS[member.role]
        other = RELATIONS_TO_OTHERS.get(member.role, "Khác")
        return self.rng.choice(("Người thân", "Thành viên gia đình", other))

    def _declarations(self, members: list[object], since: datetime) -> list[Row]:
        delivery, rng = self.delivery, self.rng
        declarations: list[Row] = []
        for _ in range(delivery.one_of(DECLARATIONS)):
            moment = since + timedelta(days=rng.randrange(1, 60))
            row: Row = {
                "declarationId": delivery.key("DC", 9),
                "at": delivery.at(moment),
                "memberId": rng.choice(members),
                "symptoms": delivery.one_of(SYMPTOMS),
                "contactHistory": rng.choice(CONTACTS),
                "chronicDiseases": delivery.one_of(CHRONIC),
            }
            declarations.append(row)
        return declarations
