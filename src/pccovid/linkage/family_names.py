"""Vietnamese family names with their share of the population.

Shares of the fourteen large names are those of Lê Trung Hoa's study of Vietnamese family and given names (Nhà xuất bản
Khoa học xã hội, 2005), in per cent. That study counts Hoàng with Huỳnh (5.1) and Vũ with Võ (3.9), the northern and
southern forms of one name: the halves given here are our even split. Below one half per cent no published share was at
hand: the names of `_RARE` share what is left evenly, which is an estimate of ours and fit only for weights.
"""

from __future__ import annotations

_PUBLISHED: dict[str, float] = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Phan": 4.5, "Hoàng": 2.55, "Huỳnh": 2.55, "Vũ": 1.95,
    "Võ": 1.95, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5,
}  # fmt: skip

_RARE = (
    # Kinh and Hoa
    "Âu An Ân Ấu Bạch Bành Bảo Bế Biện Bồ Ca Cái Cam Cao Cát Chế Chu Chung Chử Chương Cổ Cù Cung Danh Diệp Diêu Doãn Dư "
    "Đàm Đan Đào Đậu Điền Điểu Đinh Đoàn Đồng Đổng Đới Đường Giang Giáp Hà Hạ Hàn Hàng Hình Hoa Hứa Hùng Kha "
    "Khà Khổng Khúc Khuất Khương Kiên Kiều Kim La Lạc Lã Lại Lâm Lăng Liễu Liên Lò Lỗ Lộ Lô Lộc Lục Lương Lưu Mã Mạc Mạch Mai "
    "Mạnh Mẫn Mẫu Nghê Nghị Nghiêm Ngọc Ngụy Nhan Nhâm Nhữ Ninh Nông Ong Ông Phí Phó Phù Phùng Phương Quách Quan Quản "
    "Sầm Sái Sử Sơn Tạ Tăng Tào Tất Thạch Thái Thẩm Thân Thi Thiều Thôi Tiêu Tiết Tô Tôn Tống Từ Tưởng Trà Trang Tri Triệu "
    "Trịnh Trình Trưng Trương Ung Ứng Uông Văn Vi Viên Vòng Vưu Vương Xa Yên "
    # Tày, Nùng, Thái, Mường, H'Mông, Dao, Khmer, Chăm and peoples of the Central Highlands
    "Cà Cầm Chảo Chẳng Chúng Cứ Đèo Giàng Hảng Hạng Hầu Hờ Hoàng Lầu Lèo Lềnh Lìm Lường Lù Ly Má Mùa Phàn Quàng Sầu Sùng "
    "Tẩn Thào Tòng Tráng Vàng Vàng Vì Vừ Xồng Bàn Bùn Tếnh Thò Ma Ksor Rơ Rơchâm Siu Rmah Kpă Kpuih Nay Niê Mlô "
    "Êban Ayun Byă Hwing Kbuôr Kđoh Eban Bah Rah Puih Đinh Cil Kra Lơ Ka Kơ Hồ Pơ Blong Thập Châu Sơn Néang Neáng Kiên Chau "
    "Qua Đạo Bá Lưu Hán Quảng Đàng Báo Trượng Dụng Não Từ"
).split()  # fmt: skip

_REST = round(100.0 - sum(_PUBLISHED.values()), 2)
_RARE_NAMES = tuple(name for name in dict.fromkeys(_RARE) if name not in _PUBLISHED)

FAMILY_NAMES: dict[str, float] = {
    **_PUBLISHED,
    **{name: round(_REST / len(_RARE_NAMES), 4) for name in _RARE_NAMES},
}
"""Family name as written → per cent of the population (see the module's words on what is published)."""

COMMON_FAMILY_NAMES: tuple[str, ...] = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Hoàng",
)  # fmt: skip
"""Names frequent enough that one at the end, with no family name in front, means the order was turned round."""
