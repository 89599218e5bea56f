"""Family names by how many bear them, and what goes between family and given name."""

from random import Random

SHARES = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.0, "Phan": 4.5, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3,
    "Ngô": 1.3, "Dương": 1.0, "Đinh": 0.9, "Lý": 0.5, "Trương": 1.2, "Đoàn": 0.8, "Lâm": 0.6, "Mai": 0.6, "Đào": 0.7,
    "Trịnh": 0.7, "Hà": 0.6, "Tạ": 0.4, "Lương": 0.6, "Cao": 0.6, "Châu": 0.3, "Tô": 0.3, "Thái": 0.3, "Tống": 0.2,
    "La": 0.2, "Kiều": 0.2, "Chu": 0.3, "Quách": 0.15, "Phùng": 0.4, "Vương": 0.3, "Từ": 0.15, "Tăng": 0.2, "Lưu": 0.4,
}  # fmt: skip
NORTHERN = {"Hoàng": 5.1, "Vũ": 3.9}
SOUTHERN = {"Huỳnh": 5.1, "Võ": 3.9}

# Of a minority: share of family names, middle names of men and women, given names.
TAY = (
    "Nông Hoàng Lục Bế Triệu Ma Vi Chu Lý Đàm Lương Hứa Dương Mã".split(),
    ("Văn", "Đức", "Thế", "Minh", "Ngọc", ""),
    ("Thị", "Thị", "Thu", "Bích", "Hồng", "Kim", ""),
    "Thắng Sơn Tuyên Kiên Dương Hùng Quân Thiện Chức Đình Phóng Toại Biên Bằng Long Hưng Cương Tuấn Duy Khải".split(),
    "Mai Nguyệt Lả Sen Yến Thơ Hạnh Nhung Diệp Chuyên Hiệp Thắm Hường Lệ Biên Coóng Nái Huyền Trang Anh".split(),
)
THAI = (
    "Lò Quàng Cà Lường Tòng Cầm Bạc Lô Vi Hà Lương Ngân Hoàng Điêu".split(),
    ("Văn", "Văn", "Thanh", "Đức", "Quang"),
    ("Thị", "Thị", "Thu", "Kim", "Hồng"),
    "Inh Pản Ngoan Phương Xôm Hoan Thoan Ín Pâng Chiến Hặc Sương Tiên Dương Muôn Lả Định Tuân Nam Huy".split(),
    "Ón Phượng Xuân Thiết Hặc Thương Inh Lả Pành Chiên Hoan Ngoan Thoa Dung Hiên Muôn Nga Bóng Oanh Trang".split(),
)
MONG = (
    "Giàng Sùng Vàng Thào Hạng Mùa Lầu Lý Cứ Ly Hờ Tráng Má Vừ".split(),
    ("A", "A", "A", "Mí", "Seo"),
    ("Thị", "Thị", "Y", "Thị"),
    "Páo Sình Chứ Dê Tủa Lử Vừ Sử Chờ Dình Dơ Giàng Phềnh Lềnh Nhè Thề Chu Sùng Vàng Nủ".split(),
    "Mỷ Sua Dợ Chù Máy Dí Ly Mái Sáo Dua Pàng Và Chía Súng Dở Ca Chá Mai Xúa Pa".split(),
)
KHMER = (
    "Thạch Sơn Kim Danh Lâm Châu Kiên Lý Trà Huỳnh Tăng Neáng Chau".split(),
    ("", "Minh", "Ngọc", "Văn", "Hoàng", ""),
    ("Thị", "", "Thị", "Ngọc", "Mỹ"),
    ("Sóc Kha", "Rịnh", "Thươl", "Ni", "Phol", "Sa Rươl", "Vanh Na", "Sa Phone", "Thanh", "Sươl", "Khên", "Đa Ra", "Út", "Dũng"),
    ("Sa Rây", "Sô Phia", "Rượi", "Lên", "Na Ri", "Kim Hoa", "Sa Mi", "Sa Ry", "Thia", "Sà Phi", "Linh", "Ly Na", "Dệt", "Út"),
)
EDE = (
    "Niê Mlô Êban Byă Kbuôr Ayun Ênuôl Kpă Adrơng Hmok".split(),
    ("Y",),
    ("H'",),
    "Bhiăm Wơn Thim Blơ Krông Nguê Tlur Khoa Sam Thuên Djhuai Bliên Ngông Suôr Phương Tuấn Đức Yuăn".split(),
    "Hen Ngăm Yuin Rút Loan Điệp Mrin Bluên Nga Rưn Lan Djuôl Wuih Mai Tuyết Nhiêu Ruôm Duyên".split(),
)
OF_ETHNICITY = {"Tày": TAY, "Thái": THAI, "Mông": MONG, "Khmer": KHMER, "Ê Đê": EDE}


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
