"""Purpose × category × actor: the one table from which the database's rules are filled.

Three parts: BASES (what the law says), PURPOSES (why a row may be read, in words for people), and `rules()` (who may
read which category for which purpose, how wide, how far back). What stands here is held, not only told: `access.open`
and the row policies obey it, docs/reference/purposes.md is written from it, and a test walks every cell against a real
database. A purpose or basis with `verified=False` rests on our reading of the law and waits for a lawyer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

CATEGORIES = (
    "identity", "contact", "source_record", "declaration", "vaccination", "test", "treatment", "movement", "border",
    "insurance", "reading_log", "count",
)  # fmt: skip
ABOUT_NOBODY = ("reading_log", "count")
"""Categories of no table: `reading_log` is about who read, and only the desk's functions show it (inspection/sql);
`count` is how many people there are, and only counting functions tell (published_statistics/sql)."""
_RECORD = tuple(category for category in CATEGORIES if category not in ABOUT_NOBODY)
_WHO = ("identity", "contact")
_HEALTH = ("declaration", "vaccination", "test")
_PLACED = ("identity", "contact", "source_record", "movement")
"""A paper list's line may have a phone number alone."""
_INSURED = (*_WHO, "source_record", "insurance")
_CORRECTED = (*_WHO, *_HEALTH, "treatment", "movement", "border", "insurance")


class Basis(NamedTuple):
    """What allows reading: `text` is what the log keeps and the person sees; `note` says what is unsure about it."""

    text: str
    text_en: str
    verified: bool
    note: str = ""


EPIDEMIC_LAW = (
    "Luật Phòng, chống bệnh truyền nhiễm 2007 và luật thay thế; Luật 91/2025/QH15 (xử lý không cần đồng ý khi có dịch"
    " bệnh nguy hiểm); Thông báo 242/TB-VPCP mục 2"
)
OWN_RIGHT = "Luật 91/2025/QH15 Điều 4; Nghị định 356/2025/NĐ-CP"
ACCOUNTABILITY = "Luật 91/2025/QH15 (trách nhiệm của bên kiểm soát dữ liệu); Nghị định 356/2025/NĐ-CP"
CONSENT = "Luật 91/2025/QH15 (sự đồng ý của chủ thể dữ liệu); Nghị định 356/2025/NĐ-CP"
"""What an export that nobody but the consenting is in rests on; consents/ keeps who consented to what."""

BASES: dict[str, Basis] = {
    basis.text: basis
    for basis in (
        Basis(
            EPIDEMIC_LAW,
            "Law on Prevention and Control of Infectious Diseases 2007 and the law in its place; Law 91/2025/QH15"
            " (processing without consent in a dangerous epidemic); Notice 242/TB-VPCP, item 2",
            False,
            "Which articles of Law 91/2025/QH15 and the Law on Disease Prevention 2025 apply is for a lawyer to say.",
        ),
        Basis(
            OWN_RIGHT,
            "Law 91/2025/QH15, Article 4 (the person's right to see their data); Decree 356/2025/NĐ-CP",
            True,
            "In force since 1 January 2026; until then Decree 13/2023/NĐ-CP, Article 9. What proves that somebody is a"
            " child's guardian is our own choice: the population database's word.",
        ),
        Basis(
            ACCOUNTABILITY,
            "Law 91/2025/QH15 (the controller's accountability); Decree 356/2025/NĐ-CP",
            False,
            "The articles are for a lawyer to name.",
        ),
        Basis(
            CONSENT,
            "Law 91/2025/QH15 (the person's consent); Decree 356/2025/NĐ-CP",
            False,
            "For exports to which people have consented, and to which nothing else gives a right; see consents.md.",
        ),
    )
}


class Purpose(NamedTuple):
    """Why rows are read. `explanation` is for the person whose rows they are; `basis` is a key of BASES."""

    code: str
    title: str
    title_en: str
    explanation: str
    explanation_en: str
    basis: str
    verified: bool


PURPOSES: dict[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            "own_record", "Xem hồ sơ của mình", "One's own record",
            "Bạn xem dữ liệu của chính mình, và của con mà bạn là người giám hộ cho đến khi con đủ 18 tuổi.",
            "You see your own data, and that of a child whose guardian you are until the child turns 18.",
            OWN_RIGHT, False,
        ),
        Purpose(
            "carry_over", "Chuyển dữ liệu từ ứng dụng cũ", "Carry-over from earlier apps",
            "Máy chuyển dữ liệu bạn đã khai ở các ứng dụng cũ sang đây, để bạn không phải khai lại.",
            "A program brings what you declared in earlier apps here, so that you need not declare it again.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "data_repair", "Sửa dữ liệu sai hoặc thiếu", "Repair of wrong or missing data",
            "Cán bộ dữ liệu và công an xã đối chiếu, sửa hồ sơ bị sai, bị thiếu hoặc lẫn với người khác.",
            "Data stewards and commune police compare and mend records that are wrong, incomplete or mixed up.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "care", "Chăm sóc sức khỏe", "Care",
            "Trạm y tế nơi bạn ở xem khai báo, mũi tiêm, xét nghiệm và điều trị của bạn để chăm sóc bạn.",
            "The health station where you live sees your declarations, doses, tests and treatment to care for you.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "contact_tracing", "Truy vết người tiếp xúc", "Contact tracing",
            "Cán bộ truy vết tìm người đã tiếp xúc với ca bệnh; nơi đi lại chỉ được xem trong ít ngày gần đây.",
            "Tracers look for people who met a case; where somebody went is seen for the last few days only.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "quarantine", "Quản lý cách ly", "Quarantine",
            "Cán bộ cách ly xem ai đang cách ly ở đâu, đến khi nào, xét nghiệm gì; không xem nơi bạn đã đi.",
            "Officers of quarantine see who is quarantined where, until when, with which tests; not where they were.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "break_glass", "Mở khẩn cấp", "Emergency opening",
            "Cán bộ mở hồ sơ một người trong 15 phút vì việc gấp, ghi rõ lý do; thanh tra xem xét từng lần mở.",
            "An officer opens one person's record for a quarter of an hour, with a reason; an inspector reviews each.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "break_glass_search", "Tìm người khi mở khẩn cấp", "Search in an emergency",
            "Trước khi mở khẩn cấp, cán bộ tìm đúng người theo tên và số giấy tờ; mỗi lần tìm đều được ghi lại.",
            "Before an emergency opening the officer finds the right person by name and number; each search is logged.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "erasure", "Xóa dữ liệu hết hạn", "Erasure of data past its time",
            "Máy xóa dữ liệu đã hết thời hạn lưu giữ, và sắp lại hồ sơ nếu một bản ghi nguồn bị xóa theo.",
            "A program erases data past its time, and derives a record anew where a source went with it.",
            ACCOUNTABILITY, False,
        ),
        Purpose(
            "export", "Xuất dữ liệu đã được duyệt", "Approved export",
            "Máy lập một tệp mã hóa cho cơ quan nhận, theo đề nghị đã được hai cán bộ khác duyệt.",
            "A program makes an encrypted file for a receiving authority, as two other officers have approved.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "inspection", "Thanh tra việc xem hồ sơ", "Inspection of who read whom",
            "Thanh tra xem sổ ghi lượt xem và tên người trong đó, không xem dữ liệu sức khỏe.",
            "Inspectors read the log of who looked and the names in it, not health data.",
            ACCOUNTABILITY, False,
        ),
        Purpose(
            "statistics", "Công bố số liệu thống kê", "Publishing statistics",
            "Máy đếm số người theo địa bàn và ngày để công bố; không xem hồ sơ của ai, số nhỏ được để trống.",
            "A program counts people by area and day for publication; it sees nobody's record, small numbers stay"
            " blank.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "check_in", "Ghi nhận lượt ra vào", "Recording check-ins",
            "Máy ghi lượt bạn quét mã ở địa điểm hoặc chốt vào hồ sơ của bạn, để truy vết được nếu ở đó có ca bệnh.",
            "A program enters your scans at places and checkpoints into your record, so that contacts can be traced.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "rights", "Giải quyết yêu cầu của người dân", "Answering a person's own request",
            "Bạn gửi yêu cầu về dữ liệu của mình; cơ quan giải quyết xem phần cần thiết để trả lời, máy làm theo.",
            "You asked something about your own data; the office that answers sees what it needs, a program carries it"
            " out.",
            OWN_RIGHT, False,
        ),
        Purpose(
            "exchange", "Nhận dữ liệu từ các cơ quan", "Taking in what agencies send",
            "Máy ghi mũi tiêm, xét nghiệm, lần điều trị mà cơ quan, cơ sở y tế gửi đến vào đúng hồ sơ của bạn.",
            "A program writes the doses, tests and treatment that agencies and facilities send into your record.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "identity_verification", "Xác minh danh tính", "Verification of identity",
            "Máy hỏi Cơ sở dữ liệu quốc gia về dân cư xem số định danh, họ tên và ngày sinh của bạn có khớp không.",
            "A program asks the national population database whether your number, name and birth date agree.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "insurance_check", "Kiểm tra thẻ bảo hiểm y tế", "Check of the insurance card",
            "Máy hỏi Bảo hiểm xã hội Việt Nam thẻ của bạn còn hạn không, ai đã tra cứu thẻ, rồi ghi vào hồ sơ của bạn.",
            "A program asks Viet Nam Social Security whether your card is in force and who looked it up, and writes it"
            " into your record.",
            EPIDEMIC_LAW, False,
        ),
        Purpose(
            "correction", "Sửa một mục sai hoặc thiếu", "Correction of a wrong or missing entry",
            "Bạn báo một mục trong hồ sơ sai hoặc thiếu; trạm y tế xã và bên ghi mục ấy xem để xác nhận, máy sửa theo.",
            "You said that an entry is wrong or missing; the commune's station and the entry's source look in order to"
            " confirm, a program puts it right.",
            OWN_RIGHT, False,
        ),
    )
}  # fmt: skip


class Rule(NamedTuple):
    """One cell of the table: this actor may read (and perhaps write) the category for the purpose, at most so wide.

    `max_days`: how far back rows with a date may be seen, counted from now; None where no span is set.
    """

    purpose: str
    category: str
    actor_kind: str
    role: str
    may_write: bool
    widest_scope: str
    legal_basis: str
    max_days: int | None = None


_TRACED_BACK = {"movement": 21, "declaration": 21}
"""Our own choice: the longest incubation counted in 2021 (14 days) and a week for finding out; see purposes.md."""
_LODGED_BACK = {"border": 21}
"""The longest that arrivals were quarantined by the rules of 2021."""
_CARED_BACK = {"declaration": 30}
"""The month for which the Ministry of Information and Communications let declarations be kept, July 2021."""


def rules() -> tuple[Rule, ...]:
    """Every allowed cell; whatever is not here is refused."""
    return (
        *_cells("own_record", "citizen", "", CATEGORIES, "own"),
        *_cells("carry_over", "job", "carry_over", _RECORD, "all", may_write=True),
        *_cells("data_repair", "job", "link_repair", _RECORD, "all", may_write=True),
        *_cells("data_repair", "officer", "data_steward", _RECORD, "all"),
        *_cells("data_repair", "officer", "commune_police", (*_WHO, "source_record"), "area"),
        *_cells("care", "officer", "health_station", (*_WHO, *_HEALTH, "treatment"), "area", back=_CARED_BACK),
        *_cells("contact_tracing", "officer", "tracer", (*_WHO, "movement", *_HEALTH), "area", back=_TRACED_BACK),
        *_cells("quarantine", "officer", "quarantine_officer", (*_WHO, "test", "border"), "area", back=_LODGED_BACK),
        # Opens cases from positive tests and looks for whom they met; it writes cases, never a fact.
        *_cells(
            "contact_tracing", "job", "contact_tracing", (*_WHO, "movement", "border", "test", "vaccination"), "all",
            back=_TRACED_BACK,
        ),
        # Whose a scanned card is, is found by its number and name; each visit hangs on a record of the person's.
        *_cells("check_in", "job", "scan_folding", _PLACED, "all", may_write=True),
        # Erasing derives golden records anew where a claim went with what it explained; facts it only deletes.
        *_cells("erasure", "job", "retention", (*_WHO, "source_record"), "all", may_write=True),
        # A trigger of the log demands the approved request whose area and columns these are (bulk_export/sql).
        *_cells("export", "job", "bulk_export", (*_WHO, "vaccination", "test"), "all"),
        # Held for a quarter of an hour over one person; a trigger of the log demands the broken glass (officers/sql).
        *_cells("break_glass", "officer", "break_glass", (*_WHO, *_HEALTH, "treatment"), "person"),
        *_cells("inspection", "officer", "inspector", ("reading_log",), "all"),
        *_cells("statistics", "job", "statistics", ("count",), "all"),
        *_cells("break_glass_search", "officer", "break_glass", ("identity",), "all"),
        # One person, whose request the office is to answer; a trigger of the log demands that request (rights/sql).
        *_cells("rights", "officer", "data_protection", _RECORD, "person"),
        *_cells("rights", "officer", "data_steward", _RECORD, "person"),
        *_cells("rights", "officer", "commune_police", (*_WHO, "source_record"), "person"),
        *_cells("rights", "officer", "inspector", ("identity",), "person"),
        *_cells("rights", "job", "rights", _RECORD, "all", may_write=True),
        # Finds whose a received record is, and writes it down; what an agency may send stands in its agreement.
        *_cells("exchange", "job", "exchange", _RECORD, "all", may_write=True),
        # Asks about whoever is unverified, and writes what was confirmed; a trigger of the log demands a campaign.
        *_cells(
            "identity_verification", "job", "identity_verification", (*_WHO, "source_record"), "all", may_write=True
        ),
        # Asks the insurer about cards, its own word about them written beside what others said.
        *_cells("insurance_check", "job", "insurance_check", _INSURED, "all", may_write=True),
        # Machines of agencies: a trigger of the log narrows each opening to one agreement in force (agreements/sql).
        *_cells("care", "agency", "agency", (*_WHO, "vaccination", "test", "treatment", "insurance"), "all"),
        *_cells("contact_tracing", "agency", "agency", (*_WHO, "vaccination", "test", "border"), "all"),
        # One person, whose correction waits for this office; a trigger of the log demands it (corrections/sql).
        *_cells("correction", "officer", "health_station", _CORRECTED, "person"),
        *_cells("correction", "officer", "data_steward", _CORRECTED, "person"),
        *_cells("correction", "officer", "commune_police", _WHO, "person"),
        *_cells("correction", "job", "corrections", _RECORD, "all", may_write=True),
    )  # fmt: skip


def _cells(
    purpose: str, actor_kind: str, role: str, categories: tuple[str, ...], widest: str,
    *, may_write: bool = False, back: Mapping[str, int] | None = None,
) -> tuple[Rule, ...]:  # fmt: skip
    """One rule for each category; `back`: category → the days it may be seen back."""
    basis, spans = PURPOSES[purpose].basis, back or {}
    return tuple(
        Rule(purpose, category, actor_kind, role, may_write, widest, basis, spans.get(category))
        for category in categories
    )
