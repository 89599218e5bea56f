"""Given names of the Kinh by cohort, commonest first (weight falls with the rank), and names of foreigners."""

from random import Random

from fifth_nation.name_lists import names_of

OLD_MEN, OLD_WOMEN, YOUNG_MEN, YOUNG_WOMEN = map(names_of, ("OLD_MEN", "OLD_WOMEN", "YOUNG_MEN", "YOUNG_WOMEN"))
MIDDLE_OLD_MEN = (
    "Văn",
    "Văn",
    "Văn",
    "Văn",
    "Hữu",
    "Đức",
    "Xuân",
    "Ngọc",
    "Minh",
    "Đình",
    "Quang",
    "Thanh",
    "Công",
    "",
)
MIDDLE_YOUNG_MEN = (
    "Văn",
    "Minh",
    "Gia",
    "Quốc",
    "Hoàng",
    "Anh",
    "Đức",
    "Tuấn",
    "Hữu",
    "Thành",
    "Nhật",
    "Đăng",
    "Trung",
)
MIDDLE_OLD_WOMEN = ("Thị", "Thị", "Thị", "Thị", "Thị", "Ngọc", "Thanh", "Kim", "Thị Thu", "Thị Kim", "")
MIDDLE_YOUNG_WOMEN = (
    "Thị",
    "Ngọc",
    "Bảo",
    "Thanh",
    "Khánh",
    "Minh",
    "Thị Ngọc",
    "Phương",
    "Quỳnh",
    "Gia",
    "Hoàng",
    "Mỹ",
)

FOREIGN = {
    "KR": (
        ("KIM", "LEE", "PARK", "CHOI", "JUNG"),
        ("MIN SU", "JI HYUN", "SEUNGWOO", "HYE JIN", "DONG HYUN", "YOUNG HO"),
    ),
    "JP": (("TANAKA", "SUZUKI", "YAMAMOTO", "SATO"), ("HIROSHI", "KENJI", "YUKO", "TAKESHI", "AKIRA")),
    "CN": (("WANG", "LI", "ZHANG", "CHEN", "LIU"), ("WEI", "FANG", "XIAOMING", "LEI", "NA", "JUN")),
    "US": (("SMITH", "JOHNSON", "MILLER", "DAVIS"), ("JOHN MICHAEL", "DAVID", "SARAH ANN", "EMILY", "ROBERT")),
    "IN": (("KUMAR", "SINGH", "SHARMA", "PATEL"), ("RAJESH", "AMIT", "PRIYA", "ANITA", "SURESH")),
    "ID": (("",), ("SUHARTONO", "WAHYUDI", "SRIWATI", "KUSNADI", "PURNOMO")),
}


def _ranked(rng: Random, names: list[str]) -> str:
    weights = [1 / (rank + 6) for rank in range(len(names))]
    return rng.choices(names, weights)[0]


def kinh_name(rng: Random, *, sex: str, year: int, middle: str | None = None) -> tuple[str, str]:
    """Middle name (may be empty) and given name of somebody born that year."""
    if sex == "M":
        middles, givens = (MIDDLE_YOUNG_MEN, YOUNG_MEN) if year >= 1990 else (MIDDLE_OLD_MEN, OLD_MEN)
    else:
        middles, givens = (MIDDLE_YOUNG_WOMEN, YOUNG_WOMEN) if year >= 1990 else (MIDDLE_OLD_WOMEN, OLD_WOMEN)
    while True:
        chosen, given = middle if middle is not None else rng.choice(middles), _ranked(rng, givens)
        if given not in chosen.split():
            return chosen, given


def foreign_name(rng: Random) -> tuple[str, str]:
    """Nationality and name as the passport has it: one word to three."""
    nation = rng.choices(list(FOREIGN), (30, 12, 22, 14, 12, 6))[0]
    families, givens = FOREIGN[nation]
    return nation, f"{rng.choice(families)} {rng.choice(givens)}".strip()
