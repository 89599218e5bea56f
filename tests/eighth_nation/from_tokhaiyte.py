"""Health declarations: at home, on the way, at the border."""

from datetime import datetime, timedelta

from eighth_nation.addresses import Addresses
from eighth_nation.delivery import Delivery, Row
from eighth_nation.forms import YEAR_ALONE
from eighth_nation.identity import SHARED_PHONE, Form, Written
from eighth_nation.people import Person
from sixth_nation.forms import SEXES
from sixth_nation.land import Area, toneless

HOW_MANY = {1: 55, 2: 25, 3: 13, 4: 7}
IN_CAPITALS, SEX_UNKNOWN, HAS_EMAIL, BY_AIR, PASSING, SIGNALLING = 0.97, 0.004, 0.1, 0.2, 0.08, 0.06
FEW, FEWER, FEWEST = 0.04, 0.02, 0.01
PASSED = ("Hà Nội", "TP HCM, Bình Dương", "Đà Nẵng", "đi chợ đầu mối")
SIGNALS = ("sốt nhẹ", "ho, đau họng", "mệt mỏi", "Ho khan 2 ngày")
TRANSPORTS = ("Ô tô", "Xe máy", "Tàu hỏa", "Xe khách")
GATES = (
    "Sân bay quốc tế Nội Bài", "Sân bay quốc tế Tân Sơn Nhất", "Sân bay quốc tế Đà Nẵng", "Cửa khẩu quốc tế Mộc Bài",
    "Cửa khẩu quốc tế Hữu Nghị", "Cửa khẩu quốc tế Cầu Treo", "Cảng Hải Phòng", "Cửa khẩu Lao Bảo",
)  # fmt: skip
ORIGINS = (
    "Hàn Quốc", "Nhật Bản", "Hoa Kỳ", "Trung Quốc", "Singapore", "Pháp", "Đức", "Lào", "Campuchia", "Đài Loan",
)  # fmt: skip
SYMPTOMS = ("fever", "cough", "dyspnoea", "soreThroat", "vomiting", "diarrhoea", "haemorrhage", "rash")
VACCINES = ("", "Pfizer 2 mũi", "AstraZeneca", "tiêm đủ 2 mũi Moderna 06/2021", "chưa tiêm")


class Tokhaiyte:
    """Writes the three files."""

    def __init__(self, delivery: Delivery, addresses: Addresses) -> None:
        self.delivery, self.rng, self.addresses = delivery, delivery.rng, addresses

    def write(self, person: Person) -> None:
        """All declarations of somebody."""
        for _ in range(self.delivery.one_of(HOW_MANY)):
            self._declare(person, self._kind(person))

    def _declare(self, person: Person, kind: str) -> None:
        delivery = self.delivery
        moment = delivery.moment("2021-05-01", "2021-11-30")
        form = Form(YEAR_ALONE, in_capitals=delivery.some(IN_CAPITALS))
        written = delivery.pen.write(person, moment, form)
        row = self._person(person, written, moment)
        if kind == "domestic":
            row |= self._domestic(written)
        elif kind == "movement":
            row |= self._movement(written, moment)
        else:
            row |= self._entry(written, moment)
            if delivery.some(0.5) and written.born.isdigit() and len(written.born) == 4:
                row["birthYear"] = int(written.born)
        delivery.add(f"tokhaiyte_{kind}", row, person, written, moment)

    def _kind(self, person: Person) -> str:
        """Foreigners mostly come from abroad; only grown-ups travel by themselves."""
        lot, is_foreign = self.rng.random(), person.nation != "VN"
        if lot < (0.5 if is_foreign else 0.02):
            return "entry"
        return "movement" if lot < (0.6 if is_foreign else 0.22) and person.age >= 18 else "domestic"

    def _person(self, person: Person, written: Written, moment: datetime) -> Row:
        delivery, addresses = self.delivery, self.addresses
        key, areas = delivery.hex24(), addresses.keys(written.home, written)
        sex = "" if delivery.some(SEX_UNKNOWN) else person.sex
        return {
            "id": key,
            "createdAt": delivery.at(moment),
            "fullName": written.name,
            "birthYear": written.born,
            "gender": SEXES["toneless"][sex],
            "nation": addresses.key("nation", person.nation),
            "passport": written.number,
            **areas,
            "address": addresses.address(written.home, written),
            "phone": written.phone,
            "email": _email(person) if delivery.some(HAS_EMAIL) else "",
        }

    def _domestic(self, written: Written) -> Row:
        rng, some = self.rng, self.delivery.some
        is_passing, signals = some(PASSING), some(SIGNALLING)
        return {
            "otherUser": str(int(SHARED_PHONE in written.kinds)),
            "showCountryPassing": str(int(is_passing)),
            "countryPassing": rng.choice(PASSED) if is_passing else "",
            "showSignal": str(int(signals)),
            "showSignalNote": rng.choice(SIGNALS) if signals else "",
            "hasPatient": self._yes_or_no(FEW),
            "hasFromSickCountry": self._yes_or_no(FEWEST),
            "hasSick": self._yes_or_no(FEW),
            "isLocalTransport": str(int(some(0.1))),
            "lat": f"{rng.uniform(8.6, 23.2):.6f}",
            "long": f"{rng.uniform(102.5, 109.3):.6f}",
        }

    def _movement(self, written: Written, moment: datetime) -> Row:
        rng, delivery = self.rng, self.delivery
        is_by_air = delivery.some(BY_AIR)
        return {
            "departurePlace": _province(written.home.area),
            "destinationPlace": _province(rng.choice(delivery.nation.land.lived_in)),
            "transport": "Máy bay" if is_by_air else rng.choice(TRANSPORTS),
            "plateOrFlight": self._flight() if is_by_air else self._plate(),
            "seat": self._seat() if is_by_air else "",
            "departureAt": delivery.at(moment + timedelta(hours=rng.randrange(4, 60))),
        }

    def _entry(self, written: Written, moment: datetime) -> Row:
        rng, day = self.rng, moment.date()
        return {
            "gate": rng.choice(GATES),
            "vehicleType": rng.choice(("Máy bay", "Ô tô", "Tàu thủy")),
            "vehicleNo": self._flight(),
            "seatNo": self._seat(),
            "departureDate": (day - timedelta(days=1)).isoformat(),
            "entryDate": day.isoformat(),
            "departureCountry": rng.choice(ORIGINS),
            "departureProvince": rng.choice(("Seoul", "Tokyo", "California", "Quảng Tây", "")),
            "destinationProvince": _province(written.home.area),
            "placesPassed": rng.choice(((), (), ("Doha",), ("Incheon", "Đài Bắc"))),
            "symptoms": {symptom: int(rng.random() < 0.03) for symptom in SYMPTOMS},
            "vaccinesUsed": rng.choice(VACCINES),
            "contactAnimals": int(self._yes_or_no(FEWEST)),
            "contactSick": int(self._yes_or_no(FEWER)),
        }

    def _yes_or_no(self, share: float) -> str:
        return "1" if self.delivery.some(share) else "2"

    def _flight(self) -> str:
        return f"VN{self.rng.randrange(100, 999)}"

    def _plate(self) -> str:
        rng = self.rng
        return f"{rng.randrange(11, 99)}{rng.choice('ABCF')}-{rng.randrange(10**4, 10**5)}"

    def _seat(self) -> str:
        return f"{self.rng.randrange(1, 40)}{self.rng.choice('ABCDEF')}"


def _email(person: Person) -> str:
    return "".join(toneless(person.name).lower().split()[-2:]) + f"{person.born.year}@gmail.com"


def _province(area: Area) -> str:
    return area.province_name.replace("Tỉnh ", "").replace("Thành phố ", "TP ")
