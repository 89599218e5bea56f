"""Family names by how many bear them, and what goes between family and given name."""

from random import Random

from fifth_nation.name_lists import names_of

SHARES = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.0, "Phan": 4.5, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3,
    "Ngô": 1.3, "Dương": 1.0, "Đinh": 0.9, "Lý": 0.5, "Trương": 1.2, "Đoàn": 0.8, "Lâm": 0.6, "Mai": 0.6, "Đào": 0.7,
    "Trịnh": 0.7, "Hà": 0.6, "Tạ": 0.4, "Lương": 0.6, "Cao": 0.6, "Châu": 0.3, "Tô": 0.3, "Thái": 0.3, "Tống": 0.2,
    "La": 0.2, "Kiều": 0.2, "Chu": 0.3, "Quách": 0.15, "Phùng": 0.4, "Vương": 0.3, "Từ": 0.15, "Tăng": 0.2, "Lưu": 0.4,
}  # fmt: skip
NORTHERN = {"Hoàng": 5.1, "Vũ": 3.9}
SOUTHERN = {"Huỳnh": 5.1, "Võ": 3.9}

PARTS = ("families", "middle of men", "middle of women", "men", "women")
OF_ETHNICITY = {
    people: tuple(names_of(f"{people} {part}") for part in PARTS) for people in ("Tày", "Thái", "Mông", "Khmer", "Ê Đê")
}


def family_name(rng: Random, southern: bool) -> str:
    """One family name of the Kinh, drawn by its share in that half of the country."""
    shares = SHARES | (SOUTHERN if southern else NORTHERN)
    return rng.choices(list(shares), list(shares.values()))[0]


def minority_name(rng: Random, ethnicity: str, sex: str, family: str | None) -> tuple[str, str]:
    """Family name and whole name of somebody of a minority; Ê Đê names end with the family's."""
    families, men, women, of_men, of_women = OF_ETHNICITY[ethnicity]
    family = family if family in families else rng.choice(families)
    middle, given = (rng.choice(men), rng.choice(of_men)) if sex == "M" else (rng.choice(women), rng.choice(of_women))
    if ethnicity == "Ê Đê":
        first = f"H'{given}" if sex == "F" else f"Y {given}"
        return family, f"{first} {family}"
    return family, " ".join(part for part in (family, middle, given) if part)
