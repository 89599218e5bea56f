"""Vietnamese family names with their share of the population.

Shares of the fourteen large names are those of Lê Trung Hoa's study of Vietnamese family and given names (Nhà xuất bản
Khoa học xã hội, 2005), in per cent. That study counts Hoàng with Huỳnh (5.1) and Vũ with Võ (3.9), the northern and
southern forms of one name: the halves given here are our even split. Below one half per cent no published share was at
hand: the rare names share what is left evenly, which is an estimate of ours and fit only for weights.
"""

from __future__ import annotations

_PUBLISHED: dict[str, float] = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Phan": 4.5, "Hoàng": 2.55, "Huỳnh": 2.55, "Vũ": 1.95,
    "Võ": 1.95, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5,
}  # fmt: skip

_RARE_KINH_AND_HOA = """
    Âu An Ân Ấu Bạc Bạch Bành Bảo Bế Biện Bồ Ca Cái Cam Cao Cát Cấn Chế Chu Chung Chử Chương Cổ Cù Cung Danh
    Diệp Diêu Doãn Dư Đàm Đan Đào Đậu Điền Điểu Đinh Đoàn Đồng Đổng Đới Đường Giang Giáp Hà Hạ Hàn Hàng Hình Hoa
    Hoắc Hứa Hùng Kha Khà Khiếu Khổng Khúc Khuất Khương Kiên Kiều Kim La Lạc Lã Lại Lâm Lăng Liễu Liên Lều Lò Lỗ
    Lộ Lô Lộc Lục Lương Lưu Mã Mạc Mạch Mai Mạnh Mẫn Mẫu Nghê Nghị Nghiêm Ngọc Ngũ Ngụy Nhạc Nhan Nhâm Nhữ Ninh
    Nông Ong Ông Phí Phó Phù Phùng Phương Quách Quan Quản Sa Sầm Sái Sử Sơn Tạ Tăng Tào Tất Thạch Thái Thẩm Thân
    Thi Thiều Thôi Tiền Tiêu Tiết Tô Tôn Tống Từ Tưởng Trà Trang Trầm Tri Triệu Trịnh Trình Trưng Trương Ung Ứng
    Uông Văn Vi Viên Vòng Vưu Vương Xa Yên
"""
_RARE_OF_OTHER_PEOPLES = """
    Bá Bah Bàn Báo Blong Bùn Byă Cà Cầm Chảo Châu Chau Chẳng Chúng Cil Cứ Dụng Đàng Đạo Đèo Đinh Eban Êban Ayun
    Giàng Hán Hảng Hạng Hầu Hờ Hwing Ka Kbuôr Kđoh Kơ Kpă Kpuih Kra Ksor Lầu Lèo Lềnh Lìm Lơ Lù Lường Ly Ma Má
    Mlô Mùa Não Nay Néang Niê Phàn Pơ Puih Qua Quàng Quảng Rah Rmah Rơ Rơchâm Sằm Sầu Siu Sùng Tẩn Tếnh Thào
    Thập Thò Tòng Tráng Trượng Vàng Vì Vừ Xồng
"""
"""Tày, Nùng, Thái, Mường, H'Mông, Dao, Khmer, Chăm and the peoples of the Central Highlands."""

_REST = round(100.0 - sum(_PUBLISHED.values()), 2)
_RARE_NAMES = tuple(
    name for name in dict.fromkeys((_RARE_KINH_AND_HOA + _RARE_OF_OTHER_PEOPLES).split()) if name not in _PUBLISHED
)

FAMILY_NAMES: dict[str, float] = {
    **_PUBLISHED,
    **{name: round(_REST / len(_RARE_NAMES), 4) for name in _RARE_NAMES},
}
"""Family name as written → per cent of the population (see the module's words on what is published)."""

COMMON_FAMILY_NAMES: tuple[str, ...] = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Hoàng",
)  # fmt: skip
"""Names frequent enough that one at the end, with no family name in front, means the order was turned round."""
