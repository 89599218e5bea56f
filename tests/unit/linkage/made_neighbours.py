"""Small crowds in which one rule of the linkage decides, varied by dice: who arrives, and who stands around."""

from __future__ import annotations

import random
from collections.abc import Callable

from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.nodes import Row
from unit.linkage.made_claims import record

ARRIVING = "sskdt:dose:1"
PHONE, OTHER_PHONE = "0901234567", "0987654321"
COMMUNE = {"commune_code": "06541", "district_code": "193", "province_code": "22"}
HOME = {"phone": PHONE, "address": "to 5", **COMMUNE}
Crowd = tuple[Row, list[Row]]


def row(key: str, name: str = "", born: str = "", person: str | None = None, **claimed: object) -> Row:
    """One record: `name` and `born` as text, the other fields of Claim as values."""
    made = record(key, name, born, person, **claimed)
    return Row(key, person, Claim(**{field: made[field] for field in Claim._fields}))  # type: ignore[arg-type]


def _crowd(dice: random.Random, said: list[dict[str, object]], keys: list[str]) -> Crowd:
    """Everything said becomes a record; some are somebody's in the index, and one of them arrives."""
    dice.shuffle(said)
    persons = ("p1", "p2", "p3", None, None)
    rows = [row(key, **{"person": dice.choice(persons), **one}) for key, one in zip(keys, said, strict=False)]  # type: ignore[arg-type]
    arriving = rows.pop(dice.randrange(len(rows)))
    return arriving._replace(person=None), rows


def _systems(dice: random.Random, count: int) -> list[str]:
    return [f"{dice.choice(('tokhaiyte', 'sampling', 'ncovi'))}:{number}" for number in range(count)]


def two_dates(dice: random.Random) -> Crowd:
    """One name, phone and home under dates that stand in one system or in two."""
    names = dice.choice((("Phan Thị Mĩ",), ("Phan Thị Mĩ", "Phan Thị Mỹ", "PHAN THI MI")))
    births = dice.choice((("17/02/1997", "23/07/1989"), ("1997", "1989", "17/02/1997"), ("17/02/2012", "23/07/2011")))
    said = [
        {"name": dice.choice(names), "born": dice.choice(births), **HOME, **_maybe(dice, 0.1, phone=OTHER_PHONE)}
        for _ in range(dice.randint(2, 7))
    ]
    return _crowd(dice, said, _systems(dice, 7))


def wrong_sex(dice: random.Random) -> Crowd:
    """One name, birthday and phone under two sexes; now and then a twin of nearly that name."""
    names = dice.choice((("Hồ Thị Thơm",), ("Hồ Thị Thơm", "Hồ Thị Thớm"), ("Hồ Thị Thơm", "HO THI THOM")))
    born = dice.choice((("17/02/1971", "1971"), ("17/02/2012", "17/02/2012", "2012")))
    said = [
        {"name": dice.choice(names), "born": dice.choice(born), "phone": PHONE, "sex": dice.choice(("male", "female"))}
        | _maybe(dice, 0.3, old_id="021633943") | _maybe(dice, 0.3, **COMMUNE)
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def shared_account(dice: random.Random) -> Crowd:
    """An account, rows under it that name its holder or a child, and rows that name nobody."""
    account = "sskdt:sskdt_people:1"
    number = _maybe(dice, 0.5, personal_id="001090012345")
    holder = {"name": "Nguyễn Văn Nam", "born": "05/03/1990", "sex": "male", "phone": PHONE, **number}
    child = {"name": "Nguyễn Thị Út", "born": dice.choice(("07/07/2010", "2010", "")), "phone": PHONE, **number}
    stranger = {"name": "Trần Thị Lan", "born": dice.choice(("01/02/1950", "2006")), "phone": OTHER_PHONE}
    nobody = {"name": "A", "born": dice.choice(("30/02/1980", "1900", "2021"))}
    under: list[dict[str, object]] = [
        {"account": account, **dice.choice((holder, child, {}, {}, {"old_id": "012345678"}, stranger, nobody))}
        for _ in range(dice.randint(1, 5))
    ]
    own = dice.choice((holder, holder, {**holder, "born": ""}, {**holder, "born": "1991"}))
    crowd = [
        row(f"sskdt:dose:{number}", **one, **_maybe(dice, 0.4, dose=f"{number} 2021-0{number}-20"))  # type: ignore[arg-type]
        for number, one in enumerate(under, start=1)
    ]
    known = row(account, **own, person=dice.choice(("p1", None)), account=dice.choice((account, None)))  # type: ignore[arg-type]
    other = row("vneid:1", **holder, old_id="012345678", person="p2")  # type: ignore[arg-type]
    alone = row("sskdt:dose:9", **child, person=dice.choice(("p3", None)))  # type: ignore[arg-type]
    first = row("sskdt:sskdt_people:0", **holder, person=dice.choice(("p1", None)))  # type: ignore[arg-type]
    return crowd[0], [*crowd[1:], *dice.sample([known, other, alone, first], dice.randint(1, 4))]


def siblings_under_one_account(dice: random.Random) -> Crowd:
    """Doses of a mother's children under her account: twins of like, of unlike and of bare names, and a later child."""
    account = "sskdt:sskdt_people:1"
    boys = {"born": "20/06/2009", "sex": "male", "account": account, "phone": PHONE}
    names = ("Trần Quốc Trúc", "Trần Quốc Trực", "TRAN QUOC TRUC", "Trần Quốc Tuấn", "Trần Quốc Trúcc")
    said: list[dict[str, object]] = [
        {"name": dice.choice(names), **boys}
        | _maybe(dice, 0.2, born="20/06/2006") | _maybe(dice, 0.2, phone=OTHER_PHONE)
        | _maybe(dice, 0.2, personal_id="001209012345") | _maybe(dice, 0.2, old_id="012345678")
        for _ in range(dice.randint(2, 5))
    ]  # fmt: skip
    arriving, rows = _crowd(dice, said, [f"sskdt:dose:{number}" for number in range(5)])
    owner = dice.choice((("Lê Thị Mai", "01/02/1980"), ("Trần Quốc Trúc", "20/06/2009")))
    return arriving, [*rows, row(account, *owner, dice.choice(("p4", None)), phone=PHONE, account=account)]


def cards_of_two_provinces(dice: random.Random) -> Crowd:
    """One name under cards of the old kind that differ, under one birthday or several, behind one phone or another."""
    births = ("16/09/1983", "16/09/1983", "27/01/1979", "01/01/1979", "1983")
    said = [
        {"name": dice.choice(("Phạm Văn Trí", "Phạm Văn Trí", "PHAM VAN TRI")), "born": dice.choice(births)}
        | _maybe(dice, 0.7, old_id=dice.choice(("047923109", "228754040")))
        | _maybe(dice, 0.7, phone=dice.choice((PHONE, PHONE, OTHER_PHONE)))
        | _maybe(dice, 0.3, personal_id="045083016697")
        | _maybe(dice, 0.4, province_code=dice.choice(("45", "79"))) | _maybe(dice, 0.3, address="to 5")
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def bare_spelling(dice: random.Random) -> Crowd:
    """Twins of two spellings, and a record that is either's: with their phone or commune, or only their birthday."""
    born = dice.choice(("17/03/2009", "17/03/1979"))
    said: list[dict[str, object]] = [
        {"name": dice.choice(("Trần Thị Quí", "Trần Thị Quì", "Trần ThịQuì")), "born": born}
        | _maybe(dice, 0.7, phone=PHONE) | _maybe(dice, 0.6, **COMMUNE)
        for _ in range(dice.randint(2, 4))
    ]  # fmt: skip
    said += [
        {"name": "TRAN THI QUI", "born": dice.choice((born, born, born[-4:]))}
        | _maybe(dice, 0.3, phone=PHONE) | _maybe(dice, 0.3, **COMMUNE)
        for _ in range(dice.randint(1, 3))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 7))


def slips(dice: random.Random) -> Crowd:
    """Numbers mistyped, short of a digit, perhaps of another kind; days before and after; initials, one given name."""
    names = dice.choice((("Nguyễn Thanh Phúc", "N. T. Phúc", "Nguyễn Thành Phúc"), ("Nguyễn Thanh Phúc",)))
    ids = ("079090040759", "079090048759", "079020040759", "079090040795")
    olds = ("284463947", "028446394", "028446321", "284463974")
    short = ("passport_unsure",)
    insured = ("7936012345", "7936012345", "2844639471")
    births = ("01/05/1990", "30/04/1990", "28/04/1990", "05/01/1990", "1990", "1984")
    said = [
        {"name": dice.choice(names), "born": dice.choice(births)} | _maybe(dice, 0.6, phone=PHONE)
        | _maybe(dice, 0.5, personal_id=dice.choice(ids), id_verified=dice.random() < 0.3)
        | _maybe(dice, 0.4, old_id=dice.choice(olds)) | _maybe(dice, 0.3, sex=dice.choice(("male", "female")))
        | _maybe(dice, 0.4, insurance_no=dice.choice(insured), flags=dice.choice((("insurance_unsure",), ())))
        | _maybe(dice, 0.2, passport=dice.choice(("P1450974", "P145097")), flags=dice.choice((short, ())))
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def namesakes(dice: random.Random) -> Crowd:
    """One rare name and birthday in a commune, behind phones, in houses and hamlets."""
    homes = ("18 le loi", "9 tran phu", "thon 3", "to 12", "ap 4")
    born = ("24/02/1983", "24/02/1983", "1983", "24/02/2011")
    said = [
        {"name": "Tạ Hoàng Thiên Lý", "born": dice.choice(born), "sex": "female"}
        | _maybe(dice, 0.8, **COMMUNE) | _maybe(dice, 0.7, phone=dice.choice((PHONE, OTHER_PHONE, "0901234576")))
        | _maybe(dice, 0.7, address=dice.choice(homes)) | _maybe(dice, 0.2, old_id="012345678")
        | _maybe(dice, 0.1, phone_is_own=False)
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def of_one_name(dice: random.Random) -> Crowd:
    """Father and son of one name behind two phones and in two houses, and records that say no birth date."""
    births = ("03/10/1971", "03/10/1971", "16/06/2007", "2007", "16/06/1975", "")
    said = [
        {"name": dice.choice(("Trần Công Kiên", "Trần Công Kiên", "TRAN CONG KIEN")), "born": dice.choice(births)}
        | _maybe(dice, 0.8, phone=dice.choice((PHONE, OTHER_PHONE))) | _maybe(dice, 0.5, **COMMUNE)
        | _maybe(dice, 0.5, address=dice.choice(("to 5", "to 9"))) | _maybe(dice, 0.3, old_id="102648804")
        for _ in range(dice.randint(3, 8))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 8))


def disputed_number(dice: random.Random) -> Crowd:
    """A number that stands with two people, and scans of it that say nothing else."""
    holders = (
        {"name": "Dương Văn Hòa", "born": dice.choice(("25/07/1978", "1978", "25/07/1979")), "sex": "male"},
        {"name": "Hồ Công Thuận", "born": dice.choice(("20/10/1978", "1980")), "sex": dice.choice(("male", None))},
    )
    number = {"personal_id": "079078186141"}
    said: list[dict[str, object]] = [
        {**dice.choice(holders), "phone": PHONE} | _maybe(dice, 0.7, id_verified=dice.random() < 0.2, **number)
        for _ in range(dice.randint(2, 5))
    ]
    return _crowd(dice, [*said, *([number] * dice.randint(1, 2))], _systems(dice, 7))


def bare_names(dice: random.Random) -> Crowd:
    """Children of a bare spelling by year and phone, under accounts of one app; names and phones in two provinces."""
    elsewhere = {"commune_code": "00001", "district_code": "001", "province_code": "01"}
    names = dice.choice((("Phan Văn Tuân", "PHAN VAN TUAN"), ("Phan Văn Nam", "PHAN VAN NAM")))
    births = dice.choice((("15/06/2008", "2008", ""), ("15/06/1978", "1978", "")))
    said: list[dict[str, object]] = [
        {"name": dice.choice(names), "born": dice.choice(births), "phone": PHONE}
        | _maybe(dice, 0.4, **dice.choice((COMMUNE, elsewhere))) | _maybe(dice, 0.3, address="to 5")
        | _maybe(dice, 0.4, account=dice.choice(("sskdt:sskdt_people:1", "sskdt:sskdt_people:2")))
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def one_word(dice: random.Random) -> Crowd:
    """A name of one word, whole or what is left of a longer one, behind a phone; some records say no birth date."""
    births = ("05/06/1991", "1991", "", "", "09/12/1965")
    said = [
        {"name": dice.choice(("Ngưm", "Ngưm", "NGUM", "Ngưm Êban")), "born": dice.choice(births)}
        | _maybe(dice, 0.9, phone=PHONE) | _maybe(dice, 0.3, personal_id="066191620050") | _maybe(dice, 0.3, **COMMUNE)
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def declared_children(dice: random.Random) -> Crowd:
    """A child of one name and about one age, declared under two parents' phones, in two hamlets, from memory."""
    names = dice.choice((("Trần Minh Hùng", "TRAN MINH HUNG"), ("Tạ Hoàng Thiên Lý",)))
    births = ("05/04/2010", "05/04/2010", "2010", "2012")
    said = [
        {"name": dice.choice(names), "born": dice.choice(births), "phone_is_own": dice.random() < 0.4}
        | _maybe(dice, 0.7, phone=dice.choice((PHONE, PHONE, OTHER_PHONE))) | _maybe(dice, 0.5, **COMMUNE)
        | _maybe(dice, 0.6, address=dice.choice(("thon 3", "thon 3", "thon 12")))
        | _maybe(dice, 0.1, insurance_no="3302712386")
        for _ in range(dice.randint(2, 7))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 7))


def said_together(dice: random.Random) -> Crowd:
    """A common name whose records say too little one by one: phone, house, number and spelling stand beside different
    ones."""
    names = dice.choice((("Hà Thị Thúy", "HA THI THUY"), ("Hà Thị Thúy", "Hà Thị Thùy", "HA THI THUY")))
    born = dice.choice(("19/02/2011", "19/02/1981"))
    said = [
        {"name": dice.choice(names), "born": dice.choice((born, born, born[-4:])), "sex": "female"}
        | _maybe(dice, 0.4, phone=dice.choice((PHONE, PHONE, OTHER_PHONE)), phone_is_own=dice.random() < 0.5)
        | _maybe(dice, 0.4, address=dice.choice(("ban 14", "18 le loi")))
        | _maybe(dice, 0.2, **COMMUNE)
        | _maybe(dice, 0.5, insurance_no=dice.choice(("1786638998", "1786638998", "0475404476")))
        for _ in range(dice.randint(3, 8))
    ]
    return _crowd(dice, said, _systems(dice, 8))


def phone_of_two_provinces(dice: random.Random) -> Crowd:
    """One name behind a phone that many use, in two provinces; some misspelt; some records say no birth date."""
    elsewhere = {"commune_code": "00001", "district_code": "001", "province_code": "01"}
    names = dice.choice((("Nguyễn Thị Oanh",), ("Tòng Quốc Bảo", "Tòng Quốc Bỏo")))
    said: list[dict[str, object]] = [
        {"name": dice.choice(names), "born": dice.choice(("15/06/1988", "1988", "", "")), "phone": PHONE}
        | _maybe(dice, 0.5, **dice.choice((COMMUNE, elsewhere))) | _maybe(dice, 0.2, old_id="080361431")
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    users = ("Nam", "Long", "Tuấn", "Sơn", "Hải", "Minh", "Cường", "Dũng", "Thành")[: dice.choice((0, 9))]
    said += [{"name": f"Trần Văn {name}", "born": "1980", "phone": PHONE} for name in users]
    return _crowd(dice, said, _systems(dice, 15))


def spellings_and_numbers(dice: random.Random) -> Crowd:
    """Two or three spellings of one name, some of them under one number, and records without diacritics."""
    born = dice.choice(("17/03/2009", "17/03/1979"))
    names = ("Trần Thị Quí", "Trần Thị Quì", "Trần Thị Quĩ", "TRAN THI QUI")
    number, card = {"insurance_no": "3894096941"}, {"old_id": "021633943"}
    numbers = (number, card, number | card)
    said = [
        {"name": dice.choice(names), "born": dice.choice((born, born, born[-4:], "")), "sex": "female"}
        | _maybe(dice, 0.7, phone=PHONE) | _maybe(dice, 0.5, **COMMUNE) | _maybe(dice, 0.5, **dice.choice(numbers))
        for _ in range(dice.randint(3, 7))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 7))


def undated_beside_slips(dice: random.Random) -> Crowd:
    """Undated records behind a phone, beside their very name, slips of it and what is left of it."""
    names = dice.choice((
        ("Hà Thanh Pản", "Hà Thanh Pản", "Hà Thanh Pảa", "HA THANH PAN", "Pản", "Hà Pản"),
        ("Lê Thị Lan", "Lê Thị Lan", "Lê Thị La", "LE THI LAN", "Lan", "Lê Thị Lann"),
    ))  # fmt: skip
    births = ("09/02/2004", "09/02/2004", "2004", "2007", "", "")
    said = [
        {"name": dice.choice(names), "born": dice.choice(births)}
        | _maybe(dice, 0.9, phone=PHONE) | _maybe(dice, 0.3, **COMMUNE) | _maybe(dice, 0.2, old_id="021633943")
        for _ in range(dice.randint(3, 7))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 7))


def registered_in_a_province(dice: random.Random) -> Crowd:
    """One name and birthday behind two phones, with personal ids of two provinces, in one of them or nowhere."""
    names = dice.choice((("Nguyễn Thị Hương",), ("Nguyễn Thị Hương", "NGUYEN THI HUONG"), ("Đặng Thủy", "DANG THUY")))
    births = dice.choice((("19/07/1969", "19/07/1969", "1969"), ("19/07/2009",)))
    said = [
        {"name": dice.choice(names), "born": dice.choice(births), "sex": "female"}
        | _maybe(dice, 0.8, phone=dice.choice((PHONE, OTHER_PHONE)))
        | dice.choice(({}, {"personal_id": "022169044688"}, {"personal_id": "079169044681"}, {"old_id": "010056526"}))
        | dice.choice(({}, {}, COMMUNE, {"province_code": "22"}, {"province_code": "79"}))
        | _maybe(dice, 0.3, address=dice.choice(("to 5", "18 le loi")))
        for _ in range(dice.randint(2, 6))
    ]  # fmt: skip
    return _crowd(dice, said, _systems(dice, 6))


def accounts_that_say_little(dice: random.Random) -> Crowd:
    """An account without phone and birth date, doses under it, and somebody of its name."""
    account = "sskdt:sskdt_people:1"
    name = dice.choice(("Cao Thị Kim Lan", "Lan", "A"))
    home = _maybe(dice, 0.7, address="to 5") | _maybe(dice, 0.8, **COMMUNE)
    own = row(account, name, "", dice.choice((None, None, "p1")), sex="female", account=account, **home)  # type: ignore[arg-type]
    under: list[dict[str, object]] = [
        {"account": account, **dice.choice(({}, {}, {"name": name}, {"name": "Cao Thị Kim Lan"}))}
        for _ in range(dice.randint(1, 3))
    ]
    doses = [row(f"sskdt:dose:{number}", **one) for number, one in enumerate(under, start=1)]  # type: ignore[arg-type]
    other = row("ncovi:1", "Cao Thị Kim Lan", "05/07/1990", "p2", sex="female", phone=PHONE, **home)  # type: ignore[arg-type]
    crowd = [own, *doses, *dice.sample([other], dice.randint(0, 1))]
    arriving = crowd.pop(dice.randrange(len(crowd)))
    return arriving._replace(person=None), crowd


def _maybe(dice: random.Random, share: float, **said: object) -> dict[str, object]:
    return said if dice.random() < share else {}


CROWDS: tuple[Callable[[random.Random], Crowd], ...] = (
    two_dates, wrong_sex, shared_account, siblings_under_one_account, cards_of_two_provinces, bare_spelling, slips,
    namesakes, of_one_name, disputed_number, bare_names, one_word, declared_children, said_together,
    phone_of_two_provinces, spellings_and_numbers, undated_beside_slips, registered_in_a_province,
    accounts_that_say_little,
)  # fmt: skip
