"""tokhaiyte.vn: declarations of those at home, at the border and on the road, and the vendor's tables."""

import re
from datetime import date

from sixth_nation import forms
from sixth_nation.delivery import Delivery, Row
from sixth_nation.identity import Written, write_down
from sixth_nation.land import Area, toneless, written_address
from sixth_nation.name_lists import COUNTRIES, LISTS
from sixth_nation.people import Person

SYMPTOMS = ["fever", "cough", "dyspnoea", "soreThroat", "vomiting", "diarrhoea", "haemorrhage", "rash"]
YES, NO = "1", "2"


class Tokhaiyte:
    """Writes its files."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery, self.rng, self.nation = delivery, delivery.rng, delivery.nation
        self.area_ids: dict[str, str] = {}
        self.nation_ids: dict[str, str] = {}
        for area in self.nation.areas:
            self._list(area)
        for iso, name in COUNTRIES.items():
            self.nation_ids[iso] = delivery.hex24()
            delivery.rows["tokhaiyte_nations"].append({"id": self.nation_ids[iso], "name": name, "iso2": iso})

    def write(self, person: Person) -> None:
        """All that this system holds of somebody."""
        for _ in range(self.rng.choices((1, 2, 3), (62, 27, 11))[0]):
            self.declare_at_home(person)
        if self.rng.random() < 0.08:
            self._declare_on_the_road(person)
        if self.rng.random() < (0.6 if person.nation != "VN" else 0.12 if person.passport else 0.01):
            self._declare_at_the_border(person)

    def declare_at_home(self, person: Person) -> None:
        """For themselves, or as somebody else's dependant under that one's phone."""
        delivery, rng = self.delivery, self.rng
        day = delivery.day("2020-04-01", "2021-11-15")
        written = write_down(self.nation, person, day, year_only=True, number_left_out=0.22)
        by_another = not person.phone or delivery.some(0.08)
        if by_another and person.phone:
            grown = [other for other in person.others if other.phone and other.age > 17]
            if grown:
                written.under_phone(rng.choice(grown).phone_on(day))
        row = self._answers(person, day, by_another=by_another) | self._identity(written)
        delivery.add("tokhaiyte_domestic", row, person, written.fault, written.evidence)

    def declare_for_nobody(self) -> None:
        """A row that somebody typed to try the form."""
        delivery, rng = self.delivery, self.rng
        name = rng.choice(("TEST", "NGUYEN VAN A", "test 123", "AAA", "NGUYỄN VĂN TEST", "Kiểm thử"))
        area = rng.choice(self.nation.communes)
        row: Row = {
            **dict.fromkeys(["passport", "email", "countryPassing", "showSignalNote", "lat", "long", "address"], ""),
            "id": delivery.hex24(),
            "createdAt": forms.at(rng, delivery.moment(delivery.day("2020-04-01", "2021-06-01"))),
            "otherUser": "0",
            "fullName": name,
            "birthYear": rng.choice(("1990", "2000", "")),
            "gender": "Nam",
            "nation": self.nation_ids["VN"],
            "phone": "0123456789",
            "showCountryPassing": "0",
            "showSignal": "0",
            "hasPatient": NO,
            "hasFromSickCountry": NO,
            "hasSick": NO,
            "isLocalTransport": "0",
            **self._place(area),
        }
        delivery.add_about_nobody("tokhaiyte_domestic", row, "nobody")

    def _list(self, area: Area) -> None:
        """The vendor's ids of a commune and of what it lies in."""
        chain = (
            (area.province, "province", area.province_name, ""),
            (area.district, "district", area.district_name, area.province),
            (area.commune, "ward", area.commune_name, area.district),
        )
        for code, level, name, above in chain:
            if code not in self.area_ids:
                self.area_ids[code] = self.delivery.hex24()
                row: Row = {"id": self.area_ids[code], "level": level, "name": self._label(name)}
                self.delivery.rows["tokhaiyte_areas"].append(row | {"parentId": self.area_ids.get(above, "")})

    def _label(self, name: str) -> str:
        """Few areas are named without their kind, in capitals or with a blank behind."""
        lot = self.rng.random()
        if lot < 0.02:
            return re.sub(r"^(Thành phố|Tỉnh|Quận|Huyện|Thị xã|Phường|Xã|Thị trấn) (?=\D)", "", name)
        return name.upper() if lot < 0.03 else name + " " if lot < 0.035 else name

    def _place(self, area: Area) -> dict[str, str]:
        """Now and then the ward is missing, or the district too."""
        place = {
            "provinceId": self.area_ids[area.province],
            "districtId": self.area_ids[area.district],
            "wardId": self.area_ids[area.commune],
        }
        if self.rng.random() < 0.03:
            place["wardId"] = ""
            if self.rng.random() < 0.3:
                place["districtId"] = ""
        return place

    def _identity(self, written: Written) -> Row:
        rng, place = self.rng, self._place(written.home.area)
        if not place["wardId"]:
            written.evidence.commune = ""
        return {
            "fullName": forms.name(rng, written.name, upper=True),
            "birthYear": written.year,
            "gender": forms.SEXES["toneless"][written.sex],
            "passport": forms.paper(rng, written.number),
            "phone": forms.phone(rng, written.phone),
            "address": written_address(rng, written.home),
            **place,
        }

    def _answers(self, person: Person, day: date, *, by_another: bool) -> Row:
        delivery, rng = self.delivery, self.rng
        is_sick, was_abroad, is_located = delivery.some(0.04), delivery.some(0.03), delivery.some(0.6)
        return {
            "id": delivery.hex24(),
            "createdAt": forms.at(rng, delivery.moment(day)),
            "otherUser": "1" if by_another else "0",
            "nation": self.nation_ids[person.nation],
            "email": self._email(person),
            "showCountryPassing": "1" if was_abroad else "0",
            "countryPassing": rng.choice(("Hàn Quốc", "Đà Nẵng, Hải Dương", "TP HCM", "lào")) if was_abroad else "",
            "showSignal": "1" if is_sick else "0",
            "showSignalNote": rng.choice(("Sốt, ho", "ho khan", "Đau họng; mệt", "sốt 38,5")) if is_sick else "",
            "hasPatient": YES if delivery.some(0.01) else NO,
            "hasFromSickCountry": YES if delivery.some(0.01) else NO,
            "hasSick": YES if delivery.some(0.02) else NO,
            "isLocalTransport": rng.choice("01"),
            "lat": f"{rng.uniform(9, 22):.6f}" if is_located else "",
            "long": f"{rng.uniform(104, 109):.6f}" if is_located else "",
        }

    def _declare_on_the_road(self, person: Person) -> None:
        delivery, rng = self.delivery, self.rng
        day = delivery.day("2021-05-01", "2021-11-15")
        written = write_down(self.nation, person, day, year_only=True, number_left_out=0.15)
        to = rng.choice(self.nation.communes)
        how = rng.choice(("Xe khách", "Máy bay", "Ô tô cá nhân", "Xe máy", "Tàu hỏa"))
        row: Row = {
            "id": delivery.hex24(),
            "createdAt": forms.at(rng, delivery.moment(day)),
            "departurePlace": written.home.area.province_name,
            "destinationPlace": f"{to.commune_name}, {to.district_name}, {to.province_name}",
            "transport": how,
            "plateOrFlight": self._flight() if how == "Máy bay" else self._plate(),
            "seat": rng.choice(("", "12A", "7", "23")),
            "departureAt": forms.at(rng, delivery.moment(day)),
            **self._identity(written),
        }
        delivery.add("tokhaiyte_movement", row, person, written.fault, written.evidence)

    def _declare_at_the_border(self, person: Person) -> None:
        delivery, rng = self.delivery, self.rng
        day = delivery.day("2020-07-01", "2021-11-15")
        written = write_down(self.nation, person, day, year_only=True)
        if person.passport and written.evidence.numbers:
            written.number, written.evidence.numbers = person.passport, (person.passport,)
        country = COUNTRIES[rng.choice(list(COUNTRIES)[1:])]
        row: Row = {
            **self._identity(written),
            "id": delivery.hex24(),
            "createdAt": forms.at(rng, delivery.moment(day)),
            "gate": rng.choice(LISTS["gates"]),
            "nation": self.nation_ids[person.nation],
            "vehicleType": rng.choice(("Máy bay", "Ô tô", "Tàu thủy")),
            "vehicleNo": self._flight(),
            "seatNo": rng.choice(("12C", "30A", "")),
            "departureDate": day.isoformat(),
            "entryDate": day.isoformat(),
            "departureCountry": country,
            "departureProvince": "",
            "destinationProvince": written.home.area.province_name,
            "placesPassed": [country] if delivery.some(0.4) else [],
            "email": self._email(person),
            "symptoms": {symptom: int(delivery.some(0.02)) for symptom in SYMPTOMS},
            "vaccinesUsed": rng.choice(("", "", "AstraZeneca 2 mũi", "pfizer", "chưa tiêm", "Sinopharm (2), 05/2021")),
            "contactAnimals": 2,
            "contactSick": 1 if delivery.some(0.01) else 2,
        }
        delivery.add("tokhaiyte_entry", row, person, written.fault, written.evidence)

    def _flight(self) -> str:
        return f"VN{self.rng.randint(100, 999)}"

    def _plate(self) -> str:
        return f"{self.rng.randint(11, 99)}A-{self.rng.randint(10000, 99999)}"

    def _email(self, person: Person) -> str:
        if not self.delivery.some(0.05):
            return ""
        given = toneless(person.name.split()[-1]).lower()
        return f"{given}{person.born.year}{self.rng.randint(1, 99)}@gmail.com"
