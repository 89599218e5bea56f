"""What may leave, for what, and who may ask: purposes of export and the columns each really needs. Pure data.

No source prescribes these: they are our own reading of minimisation (Law 91/2025/QH15) and marked so. A column that a
purpose does not list cannot be asked for; preparing the database writes this table into it, and the database refuses.
"""

from __future__ import annotations

from typing import NamedTuple

LONGEST_WAIT_DAYS, KEPT_DAYS = 14, 7
"""How long a request waits for approval, and how long a made file is kept. Our own choice."""
MOST_ROWS = 200_000
APPROVALS = 2
APPROVERS = ("data_protection",)
"""Offices whose holders may approve."""


class Column(NamedTuple):
    """One column of an export: its category of purposes.CATEGORIES, the words for it, and the SQL that gives it.

    The SQL stands over `p` (people_person) and what exporting.py joins; `is_sealed`: the value must be opened first.
    """

    name: str
    category: str
    title: str
    title_en: str
    sql: str
    is_sealed: bool = False


_DOSES = "FROM vaccination_dose d WHERE d.person_id = p.id AND d.superseded_at IS NULL AND d.duplicate_of IS NULL"
_TESTS = "FROM lab_tests_test t WHERE t.person_id = p.id AND t.superseded_at IS NULL"
_PHONE = (
    "(SELECT k.sealed FROM people_contactpoint k WHERE k.person_id = p.id AND k.system = 'phone'"
    " ORDER BY k.is_own DESC, k.id LIMIT 1)"
)

COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("name", "identity", "Họ và tên", "Full name", "p.name"),
        Column("birth_year", "identity", "Năm sinh", "Year of birth", "extract(year FROM p.birth_date)::int"),
        Column("sex", "identity", "Giới tính", "Sex", "p.sex"),
        Column("province", "identity", "Tỉnh, thành", "Province", "p.province_code"),
        Column("district", "identity", "Huyện, quận", "District", "p.district_code"),
        Column("commune", "identity", "Xã, phường", "Commune", "p.commune_code"),
        Column("address", "identity", "Địa chỉ", "Address", "p.address"),
        Column("phone", "contact", "Số điện thoại", "Phone", _PHONE, is_sealed=True),
        Column("doses", "vaccination", "Số mũi đã tiêm", "Doses received", f"(SELECT count(*) {_DOSES})"),
        Column(
            "last_dose_on", "vaccination", "Ngày mũi gần nhất", "Last dose on", f"(SELECT max(d.occurred_on) {_DOSES})"
        ),
        Column("tests", "test", "Số lần xét nghiệm", "Tests", f"(SELECT count(*) {_TESTS})"),
        Column(
            "last_positive_on", "test", "Ngày dương tính gần nhất", "Last positive on",
            "(SELECT max((t.collected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"
            f" {_TESTS} AND t.result = 'positive')",
        ),
    )
}  # fmt: skip


class ExportPurpose(NamedTuple):
    """Why data leaves: which offices may ask, which columns it needs, and in words why those.

    `consent`: the consent without which nobody is in the file (consents/rules.py); '' where the law allows it without.
    """

    code: str
    title: str
    title_en: str
    askers: tuple[str, ...]
    columns: tuple[str, ...]
    verified: bool = False
    consent: str = ""


PURPOSES: dict[str, ExportPurpose] = {
    purpose.code: purpose
    for purpose in (
        ExportPurpose(
            "vaccination_planning", "Lập kế hoạch tiêm (không tên)", "Planning of vaccination (no names)",
            ("data_steward", "health_station"), ("birth_year", "sex", "commune", "doses", "last_dose_on"),
        ),
        ExportPurpose(
            "vaccination_call", "Gọi người dân đi tiêm", "Calling people to be vaccinated",
            ("health_station",), ("name", "birth_year", "commune", "address", "phone", "doses", "last_dose_on"),
        ),
        ExportPurpose(
            "epidemiology", "Nghiên cứu dịch tễ (không tên)", "Epidemiological study (no names)",
            ("data_steward",),
            ("birth_year", "sex", "province", "district", "doses", "last_dose_on", "tests", "last_positive_on"),
        ),
        ExportPurpose(
            "case_handover", "Bàn giao ca bệnh cho nơi khác truy vết", "Handing cases over for tracing elsewhere",
            ("tracer",), ("name", "birth_year", "commune", "address", "phone", "last_positive_on"),
        ),
        ExportPurpose(
            "research", "Nghiên cứu khoa học (không tên, chỉ người đã đồng ý)",
            "Scientific research (no names, only the consenting)", ("data_steward",),
            ("birth_year", "sex", "province", "district", "doses", "last_dose_on", "tests", "last_positive_on"),
            consent="research_use",
        ),
        ExportPurpose(
            "provincial_app", "Ứng dụng của tỉnh (chỉ người đã đồng ý)", "A province's app (only the consenting)",
            ("data_steward",), ("name", "birth_year", "commune", "phone", "doses", "last_dose_on"),
            consent="provincial_app",
        ),
    )
}  # fmt: skip


def categories_of(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The categories of data these columns show, as the log names them; `identity` always, since rows are people."""
    return tuple(sorted({"identity", *(COLUMNS[name].category for name in columns)}))
