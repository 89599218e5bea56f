"""Given names of the Kinh by cohort, commonest first (weight falls with the rank), and names of foreigners."""

from random import Random

OLD_MEN = (
    "Hùng Dũng Thành Sơn Bình Minh Hải Long Tuấn Cường Hòa Thắng Nam Hà Đức Tài Phúc Lợi Quang Chiến Hiếu Thanh Tâm Lâm "
    "Vinh Toàn Trung Khánh Phương Hậu Sáu Bảy Ba Tư Năm Út Mười Đông Xuân Lực Tiến Dương Thịnh Kiên Quyết Bé Lộc Quý "
    "Đạt Ngọc Hoàng Luân Điền Cảnh Nghĩa Trọng Tấn Khoa Thái Mạnh Thọ Liêm Ân Ký Hiển Chung Chính Chương Bảo"
).split()
OLD_WOMEN = (
    "Hương Hoa Lan Hồng Hạnh Thủy Nga Mai Hà Thu Liên Yến Bình Tuyết Loan Phương Dung Hiền Vân Thanh Xuân Lý Nguyệt Tâm "
    "Oanh Minh Cúc Sen Thảo Huệ Thơm Ba Tư Năm Sáu Bảy Út Mười Kim Bé Nhung Ngọc Điệp Hường Lê Nhàn Đào Mận Gái Lành "
    "Hằng Phượng Hòa Thoa Lụa Tươi Chín Nương Tình Duyên Thắm Nhiên Bích Chi Ánh Thúy Thùy Vui Sương Tám Cẩm Hảo Ngoan"
).split()
YOUNG_MEN = (
    "Huy Khang Bảo Minh Phúc Anh Khoa Phát Đạt Khôi Long Nam Duy Quân Kiệt Thịnh Tuấn Hưng Hoàng Hiếu Nhân Trí Tài Phong "
    "Nguyên An Phú Thành Đức Dũng Lộc Khánh Vinh Tiến Nghĩa Thiện Hào Hải Đăng Quang Lâm Nhật Trung Thắng Tú Hùng Tâm "
    "Sang Sơn Thái Cường Vũ Toàn Ân Thuận Bình Trường Danh Kiên Phước Thiên Tân Việt Khải Tín Dương Tùng Quý Hậu Trọng"
).split()
YOUNG_WOMEN = (
    "Anh Vy Ngọc Nhi Hân Thư Linh Như Ngân Phương Thảo My Trân Quỳnh Nghi Trang Trâm An Thy Châu Trúc Uyên Yến Ý Tiên Mai "
    "Hà Vân Nguyên Hương Quyên Duyên Kim Trinh Thanh Tuyền Hằng Dương Chi Giang Tâm Lam Tú Ánh Hiền Khánh Minh Huyền Thùy "
    "Vi Ly Dung Nhung Phúc Lan Phụng Ân Thi Khanh Kỳ Nga Tường Thúy Mỹ Hoa Tuyết Lâm Thủy Đan Hạnh Xuân Oanh Mẫn Khuê"
).split()
MIDDLE_OLD_MEN = ("Văn", "Văn", "Văn", "Văn", "Hữu", "Đức", "Xuân", "Ngọc", "Minh", "Đình", "Quang", "Thanh", "Công", "")
MIDDLE_YOUNG_MEN = ("Văn", "Minh", "Gia", "Quốc", "Hoàng", "Anh", "Đức", "Tuấn", "Hữu", "Thành", "Nhật", "Đăng", "Trung")
MIDDLE_OLD_WOMEN = ("Thị", "Thị", "Thị", "Thị", "Thị", "Ngọc", "Thanh", "Kim", "Thị Thu", "Thị Kim", "")
MIDDLE_YOUNG_WOMEN = ("Thị", "Ngọc", "Bảo", "Thanh", "Khánh", "Minh", "Thị Ngọc", "Phương", "Quỳnh", "Gia", "Hoàng", "Mỹ")

FOREIGN = {
    "KR": (("KIM", "LEE", "PARK", "CHOI", "JUNG"), ("MIN SU", "JI HYUN", "SEUNGWOO", "HYE JIN", "DONG HYUN", "YOUNG HO")),
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
