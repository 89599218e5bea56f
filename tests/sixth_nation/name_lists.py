"""Family, middle and given names, and other words that this nation chooses from; the long ones stand in lists.txt."""

from pathlib import Path

from made_nations import word_lists

LISTS = word_lists(Path(__file__).with_name("lists.txt"))
"""By the name of a list its words in order; `given M` are the given names of men, `KR family` Korean family names."""

FAMILY_SHARES = {
    "Nguyễn": 38.0, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.0, "Hoàng": 5.1, "Phan": 4.5, "Vũ": 3.9, "Đặng": 2.1,
    "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5, "Đinh": 1.0, "Trương": 1.0,
    "Đoàn": 0.9, "Mai": 0.7, "Trịnh": 0.7, "Lương": 0.6, "Đào": 0.6, "Hà": 0.5, "Cao": 0.5, "Lâm": 0.5,
    "Tạ": 0.3, "Phùng": 0.3, "Tô": 0.3, "Châu": 0.3, "Thái": 0.3, "Tăng": 0.2, "Quách": 0.2, "Kiều": 0.2,
    "La": 0.1, "Văn": 0.1, "Tôn Nữ": 0.03, "Lưu": 0.3, "Chu": 0.3, "Nghiêm": 0.1, "Vương": 0.2, "Đàm": 0.1,
}  # fmt: skip
IN_THE_SOUTH = {"Hoàng": "Huỳnh", "Vũ": "Võ"}

# Provinces where other peoples live.
NORTHWEST = frozenset({"02", "04", "06", "10", "11", "12", "14", "15"})
HIGHLANDS = frozenset({"62", "64", "66", "67", "68"})
KHMER_COUNTRY = frozenset({"84", "91", "94", "95"})

FOREIGN = ("KR", "JP", "CN", "US", "IN", "PH", "ID")
"""Where those foreigners come from who live here."""
COUNTRIES = {
    "VN": "Việt Nam", "KR": "Hàn Quốc", "JP": "Nhật Bản", "CN": "Trung Quốc", "US": "Hoa Kỳ", "IN": "Ấn Độ",
    "PH": "Philippines", "ID": "Indonesia", "LA": "Lào", "KH": "Campuchia", "TH": "Thái Lan", "SG": "Singapore",
}  # fmt: skip
