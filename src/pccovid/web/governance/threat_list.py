"""What may happen to people through this system, as data: what answers it, what shows it, what stays possible. Pure.

docs/reference/threats.md, the assessment (docs/reference/dpia.md) and its page in the console are written from here.
Likelihood and severity are our own judgement, of nobody else; 1 is least, 4 is most.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TEST = re.compile(r"`(test_\w+)`")


class Threat(NamedTuple):
    """One threat. `likelihood` is without our measures, `after` with them; severity is for the person, and stays.

    `measures` are Markdown that names tests in code type; `who` and `harm_vi` say what happens.
    """

    code: str
    part: str
    title: str
    title_vi: str
    who: str
    harm_vi: str
    likelihood: int
    severity: int
    after: int
    measures: tuple[str, ...]
    not_stopped: str
    not_stopped_vi: str

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that its measures name, each once."""
        return tuple(dict.fromkeys(name for text in self.measures for name in _TEST.findall(text)))

    @property
    def risk(self) -> int:
        """Likelihood × severity without our measures, 1 to 16."""
        return self.likelihood * self.severity

    @property
    def residual(self) -> int:
        """Likelihood × severity with them."""
        return self.after * self.severity


def grade(risk: int) -> str:
    """low (up to 4), medium (up to 8) or high: our own choice."""
    return "low" if risk <= 4 else "medium" if risk <= 8 else "high"


THREATS: tuple[Threat, ...] = (
    Threat(
        "curious_officer", "People with an account",
        "The curious officer", "Cán bộ tò mò",
        "Looks up a neighbour, a former wife, a singer.",
        "Tra cứu hàng xóm, vợ cũ, người nổi tiếng.",
        4, 3, 2,
        (
            (
                "Sees only people of the area and categories of the purpose: row security, not pages. "
                "`test_every_opening_is_allowed_or_refused_and_shows_exactly_what_the_rules_say`, "
                "`test_the_right_office_in_the_wrong_area_sees_and_changes_nothing`"
            ),
            (
                "Must name purpose and case first, and finds nobody by a name alone. "
                "`test_a_record_is_not_opened_before_a_case_is_named`"
            ),
            (
                "Whoever was shown is told: office, time, purpose, case, parts. "
                "`test_every_reading_is_told_newest_first_page_by_page`, "
                "`test_persons_are_told_who_was_shown_what_of_theirs_and_for_which_case`; and may object: "
                "`test_a_complaint_opens_a_case_and_its_answer_comes_back`"
            ),
            (
                "Own name, own household, much-read records, readings without a case number are found in the log: "
                "`test_reading_somebody_of_ones_own_name_is_found`, `test_reading_ones_own_household_is_found`, "
                "`test_a_record_that_six_officers_read_in_a_week_is_found_once`, "
                "`test_persons_read_without_a_case_number_are_found`"
            ),
        ),
        (
            "one reading of one person of the area under an invented case number. Nobody checks the number against "
            "a register of cases: there is none yet. The person sees it, if they look. What was read can be "
            "remembered, photographed, told."
        ),
        (
            "Một lượt xem một người trong địa bàn với số vụ việc bịa ra. Điều đã xem vẫn nhớ được, chụp được, kể "
            "được."
        ),
    ),
    Threat(
        "mass_look_up", "People with an account",
        "The mass look-up", "Tra cứu hàng loạt",
        "Goes through a whole commune, by hand or by script, with a real account.",
        "Xem cả một xã, bằng tay hay bằng chương trình, với tài khoản thật.",
        3, 4, 2,
        (
            (
                "30 searches in ten minutes, 300 a day, counted for all workers together: "
                "`test_too_many_searches_are_told_to_wait_while_other_pages_stay_open`, "
                "`test_workers_count_their_turns_together`"
            ),
            (
                "A day far above the role's own days is found, robustly: "
                "`test_reading_far_above_the_peers_is_found_with_its_numbers`, "
                "`test_one_officer_who_reads_everybody_hardly_moves_the_limit`; at night too: "
                "`test_reading_at_night_is_found_only_where_the_role_does_not_do_it`"
            ),
        ),
        (
            "slow harvesting under the limits: some tens of people a day for months. Pages of persons already "
            "listed are not limited, only searches. Finding is after the fact."
        ),
        "Gom dần dưới giới hạn: vài chục người một ngày trong nhiều tháng. Phát hiện chỉ là sau việc.",
    ),
    Threat(
        "beyond_the_office", "People with an account",
        "Reach beyond the office", "Vượt quá chức vụ",
        "Opens pages of another office or another area, appoints a friend, keeps an office after leaving.",
        "Mở trang của chức vụ hay địa bàn khác, bổ nhiệm người quen, giữ chức sau khi nghỉ.",
        3, 3, 1,
        (
            (
                "`test_an_office_opens_no_page_that_is_for_others`, "
                "`test_nobody_grants_beyond_their_own_area_date_or_person`, "
                "`test_a_dismissed_officer_is_out_with_the_next_request`, "
                "`test_ending_an_appointment_puts_its_holder_out_at_once`"
            ),
            (
                "An emergency opening shows one person for fifteen minutes and waits at the desk from that moment; "
                "late reviews are loud: `test_a_glass_is_for_one_person_and_its_officer_alone`, "
                "`test_an_emergency_opening_waits_at_the_desk_from_the_moment_it_happens`, "
                "`test_a_review_that_is_late_is_overdue_and_first_in_the_queue`"
            ),
        ),
        (
            "a lie in the reason. A superior who appoints for a favour, within area and term; it stands in "
            "`access.officer_act`."
        ),
        "Nói dối trong lý do. Cấp trên bổ nhiệm vì quen biết, trong địa bàn và nhiệm kỳ.",
    ),
    Threat(
        "inspector", "People with an account",
        "The inspector who looks away, or looks around", "Thanh tra làm ngơ, hoặc xem quá tay",
        "Leaves undone what must be reviewed, or uses the desk to look at others.",
        "Bỏ qua việc phải xét, hoặc dùng bàn thanh tra để xem người khác.",
        2, 3, 2,
        (
            (
                "Sees no record and no search: `test_the_inspector_has_no_page_of_persons_and_no_emergency`; what "
                "the desk shows is logged and told: "
                "`test_who_is_named_at_the_desk_is_told_so_and_who_is_not_named_is_not`"
            ),
            (
                "Decides nothing about their own reading or name: "
                "`test_an_inspector_neither_sees_nor_decides_a_case_about_themselves`, "
                "`test_an_inspector_of_the_persons_own_name_sees_the_case_and_may_not_decide_it`"
            ),
            "Decisions stay: `test_decisions_and_cases_cannot_be_changed_or_removed_even_by_the_owner`",
        ),
        (
            "an inspector who calls everything justified. Decisions carry name, office and reason, but no second "
            "inspector samples them. Friends and relatives of another name are not known to us."
        ),
        "Thanh tra kết luận việc nào cũng có lý do: chưa có thanh tra thứ hai xem lại ngẫu nhiên.",
    ),
    Threat(
        "lawful_misuse", "People with an account",
        "Lawful misuse", "Lạm dụng theo đường hợp pháp",
        (
            "Those in power use what the law gave for the epidemic for something else: police work, debts, "
            "politics."
        ),
        "Người có quyền dùng dữ liệu dịch cho việc khác: điều tra, đòi nợ, chính trị.",
        3, 4, 2,
        (
            (
                "A purpose must be in the table; what is not there is refused, and there is none for anything but "
                "the epidemic: `test_a_purpose_that_no_rule_knows_opens_nothing`. The page "
                "[purposes.md](purposes.md) is written from that table."
            ),
            (
                "Old movement is gone (`test_a_run_erases_what_is_due_and_nothing_that_is_not`), the declared end "
                "erases the epidemic's records "
                "(`test_on_its_day_everything_of_the_epidemic_goes_and_the_log_and_proofs_remain`), proofs remain "
                "without names (`test_proofs_name_nobody_and_no_row`)."
            ),
            (
                "Keeping readings from people needs a dated rule with its law, and the page says so: "
                "`test_a_delayed_reading_is_counted_with_its_day_and_law_and_told_later`, "
                "`test_a_rule_outside_its_dates_or_without_a_lawyers_word_keeps_nothing_back`"
            ),
        ),
        (
            "a changed table of purposes. Whoever releases the software decides; the change is public only if the "
            "repository is. Several legal bases are our own reading (`verified` no). A court order is carried out "
            "by somebody with an office, like any reading."
        ),
        (
            "Bảng mục đích bị sửa: ai phát hành phần mềm người ấy quyết định. Nhiều căn cứ pháp lý còn là cách hiểu"
            " của chúng tôi."
        ),
    ),
    Threat(
        "forged_access", "People without an account",
        "Forged access of a citizen", "Giả người dân để vào hồ sơ",
        "SIM swap, a number that changed hands, a phone in the wrong hands.",
        "Chiếm SIM, số điện thoại đổi chủ, điện thoại trong tay người khác.",
        3, 3, 2,
        (
            (
                "The code alone opens nothing: name and birth date of exactly one person reachable there. "
                "`test_a_number_that_changed_hands_opens_nothing_to_its_new_owner`, "
                "`test_a_wrong_name_or_birth_date_opens_nothing`, "
                "`test_a_phone_nobody_declared_shows_the_very_same_pages_as_one_that_is_known`"
            ),
            (
                "Codes are few, short and slow to ask: "
                "`test_five_wrong_codes_spend_the_code_and_the_right_one_comes_too_late`, "
                "`test_a_fourth_unproven_code_for_one_number_must_wait`"
            ),
        ),
        (
            "a SIM swap by somebody who knows name and birth date: family, an employer, a thief with the card. No "
            "passkey and no VNeID sign-in for citizens yet. There is no page that lists one's own sessions."
        ),
        "Người chiếm SIM mà biết tên và ngày sinh. Người dân chưa có khóa truy cập hay đăng nhập VNeID.",
    ),
    Threat(
        "shared_phone", "People without an account",
        "The shared phone", "Điện thoại dùng chung",
        "One phone for a family, a lent phone, a phone left on the table.",
        "Một máy cho cả nhà, cho mượn, để quên trên bàn.",
        4, 2, 2,
        (
            (
                "Each of a family reaches only their own record: "
                "`test_each_of_a_family_on_one_phone_reaches_only_their_own_record`. Children open to a guardian of"
                " the population database only: "
                "`test_declaring_for_a_child_or_claiming_to_be_its_guardian_opens_nothing`"
            ),
            (
                "Sessions end after 30 idle minutes; nothing is kept by the device: "
                "`test_an_idle_session_ends_by_itself`, "
                "`test_every_page_forbids_foreign_files_framing_sniffing_and_keeping`"
            ),
        ),
        (
            "who shares the phone and knows one's birth date can open one's record. A guardian sees all of a "
            "child's record, also where the child would need protection from them; only an officer could part them "
            "by ending the tie at its source."
        ),
        (
            "Người dùng chung máy biết ngày sinh thì mở được. Người giám hộ thấy hết hồ sơ của con, cả khi con cần "
            "được bảo vệ trước họ."
        ),
    ),
    Threat(
        "forged_declaration", "People without an account",
        "The forged declaration", "Khai giả",
        "Declares under another's name to poison their record, or to be joined with it.",
        "Khai dưới tên người khác để làm hỏng hồ sơ, hoặc để ghép vào hồ sơ ấy.",
        3, 2, 2,
        (
            (
                "What is self-declared stays so and never outranks a verified source; two verified numbers never "
                "join; phone alone never joins: `test_two_verified_ids_are_not_merged_whatever_officers_say`, "
                "[linkage.md](linkage.md). A verified person is joined by two officers only: "
                "`test_a_verified_person_is_merged_only_after_a_second_officer_agrees`; every merge can be undone."
            ),
            (
                "What people write is shown as text: `test_what_people_wrote_is_shown_as_text_never_as_markup`, "
                "`test_what_a_person_wrote_is_shown_to_inspectors_as_text_never_as_markup`"
            ),
        ),
        (
            "a false declaration in somebody's name whose number and birth date are known arrives in their record, "
            "as self-declared. They see it at home; correcting it is with the health station."
        ),
        "Khai giả tên người mà số giấy tờ và ngày sinh đã bị biết thì vẫn vào hồ sơ, ghi là tự khai.",
    ),
    Threat(
        "hostile_request", "People without an account",
        "The hostile request", "Yêu cầu tấn công",
        "Injection, forged forms, planted sessions, guessed numbers.",
        "Chèn mã, giả biểu mẫu, cài phiên, đoán số.",
        4, 4, 1,
        (
            (
                "`test_no_parameter_of_any_address_can_be_injected`, "
                "`test_no_address_takes_a_form_from_another_site`, "
                "`test_a_session_planted_before_sign_in_is_worth_nothing`, "
                "`test_another_persons_numbers_in_any_citizen_address_show_and_change_nothing`, "
                "`test_nobody_without_a_session_sees_anything_by_any_method`, "
                "`test_the_policy_allows_nothing_inline_and_no_other_site`"
            ),
        ),
        (
            "floods of requests. There is no limit in front of the pages but those of sign-in and search; that is "
            "for the proxy."
        ),
        (
            "Dội yêu cầu: trước các trang không có giới hạn nào ngoài đăng nhập và tìm kiếm; đó là việc của máy chủ"
            " phía trước."
        ),
    ),
    Threat(
        "stolen_session", "Things that are stolen",
        "A session", "Phiên làm việc bị lấy cắp",
        "Uses an officer's or a citizen's session on another machine.",
        "Dùng phiên của cán bộ hay người dân trên máy khác.",
        2, 3, 1,
        (
            (
                "Bound to one browser, short, ends with any change of office or password; another network asks the "
                "factor again: `test_a_session_carried_to_another_browser_ends`, "
                "`test_from_another_network_the_factor_is_asked_again`, "
                "`test_signing_out_everywhere_ends_the_other_browser_too`"
            ),
        ),
        (
            "a thief at the same address with the same browser string, for at most fifteen idle minutes or eight "
            "hours. Phishing of a one-time code within its half minute; passkeys resist it."
        ),
        (
            "Kẻ cắp ở cùng địa chỉ mạng với trình duyệt giống hệt, trong thời gian phiên còn sống. Lừa lấy mã một "
            "lần trong nửa phút."
        ),
    ),
    Threat(
        "stolen_laptop", "Things that are stolen",
        "A laptop", "Máy tính bị lấy cắp",
        "An officer's, open or closed.",
        "Máy của cán bộ, đang mở hoặc đã đóng.",
        3, 3, 2,
        (
            (
                "No data is kept on it (`no-store`, `test_pages_hold_no_inline_script_or_style_and_are_not_kept`); "
                "password and second factor; 15 minutes. The superior ends everything at once: "
                "`test_a_head_ends_and_resets_nobody_outside_the_authority` shows whose."
            ),
        ),
        (
            "the open laptop in its fifteen minutes; screenshots; downloads the officer made; an exported file "
            "decrypted on it."
        ),
        "Máy đang mở trong mười lăm phút; ảnh chụp màn hình; tệp cán bộ đã tải và giải mã.",
    ),
    Threat(
        "stolen_dump", "Things that are stolen",
        "A dump or a backup", "Bản sao cơ sở dữ liệu bị lấy cắp",
        "A disk, a backup or a dump leaves the house.",
        "Ổ đĩa, bản sao lưu hay bản kết xuất ra ngoài.",
        2, 4, 1,
        (
            (
                "Numbers and received rows lie sealed under keys outside the database: "
                "`test_a_stolen_dump_shows_no_number_of_anybody`, "
                "`test_whoever_tries_every_number_on_the_ids_of_rows_finds_none`. Destroyed keys take old backups "
                "with them: `test_what_was_sealed_under_a_destroyed_key_cannot_be_read_by_anybody`"
            ),
        ),
        (
            "names, birth dates, addresses, doses, tests, declarations and complaints lie open in a dump: they are "
            "searched and compared. Equal hashes show that two rows have the same number. The disk must be "
            "encrypted by whoever runs it. A dump stolen **with** the keys is everything."
        ),
        (
            "Tên, ngày sinh, địa chỉ, mũi tiêm, xét nghiệm, khai báo và phản ánh nằm rõ trong bản sao. Bản sao cùng"
            " với khóa là tất cả."
        ),
    ),
    Threat(
        "leaked_export", "Things that are stolen",
        "An exported file", "Tệp đã xuất bị lộ",
        "A file made for an authority goes on to others.",
        "Tệp gửi cho cơ quan nhận đi tiếp ra ngoài.",
        3, 4, 2,
        (
            (
                "Leaves only by a request for a purpose's columns that two others approved, encrypted to the "
                "recipient, told to everybody in it, marked: "
                "`test_one_approval_is_not_enough_and_the_same_officer_counts_once`, "
                "`test_everybody_in_an_export_is_told_and_nobody_else`, "
                "`test_a_leaked_file_is_traced_to_its_request`, "
                "`test_an_export_stands_among_the_readings_and_another_program_apart`"
            ),
        ),
        (
            "what the recipient does after decrypting. Three officers who agree. Marks survive sorting, not "
            "retyping; copying page by page from the console is no export."
        ),
        "Việc người nhận làm sau khi giải mã. Ba cán bộ thông đồng. Chép tay từ trang không phải là xuất.",
    ),
    Threat(
        "owner", "People who run the machines",
        "The administrator with the owner's rights", "Quản trị có quyền chủ cơ sở dữ liệu",
        "Can read and change everything that is not sealed.",
        "Đọc và sửa được mọi thứ không niêm phong.",
        2, 4, 2,
        (
            (
                "May read everything that is not sealed, and change everything; but not unseen: the log is a chain "
                "whose end is anchored outside, signed with a key that the database does not have. "
                "`test_one_changed_letter_is_found_at_its_entry`, `test_a_removed_entry_is_found`, "
                "`test_an_entry_slipped_in_behind_the_chain_is_found`, "
                "`test_a_tail_cut_off_before_an_anchor_is_found`, "
                "`test_a_chain_computed_anew_after_a_change_differs_from_its_anchor`"
            ),
            (
                "Processes run as roles that own nothing: `test_no_role_owns_anything_or_may_pass_row_security`, "
                "`test_what_a_role_may_do_with_tables_equals_its_declared_list`, "
                "`test_the_log_is_append_only_even_for_its_owner`"
            ),
        ),
        (
            "the owner who reads with plain SQL: that leaves no row in our log (set `log_statement` and keep the "
            "server's log elsewhere). Who also holds the anchors and their key can rewrite the past. Entries since "
            "the last anchor (ten minutes) can be changed unseen. Cases and decisions of inspection are append-only"
            " by triggers, not chained: the owner can switch a trigger off; only the access under which a decision "
            "was made is in the chain."
        ),
        (
            "Chủ cơ sở dữ liệu đọc bằng SQL không để lại dòng nào trong sổ của chúng tôi. Ai giữ cả mốc và khóa thì"
            " viết lại được quá khứ."
        ),
    ),
    Threat(
        "web_taken_over", "People who run the machines",
        "The web process taken over", "Tiến trình web bị chiếm",
        "Somebody from outside commands the server of the pages.",
        "Kẻ ngoài điều khiển được máy chủ trang web.",
        2, 4, 2,
        (
            (
                "Holds no key of the owner, cannot write log, offices, cases or personal tables: "
                "`test_web_has_no_way_to_add_change_or_empty_a_personal_table`, "
                "`test_the_web_reads_and_writes_no_table_of_inspection`, "
                "`test_another_connection_may_not_speak_for_the_actor`"
            ),
        ),
        (
            "it can act as any officer that exists within that officer's appointments, and as any citizen; each "
            "reading stays in the log under that name, and volume findings would point at the wrong person. It can "
            "see what passes through it, and it holds the keys that open sealed numbers."
        ),
        (
            "Nó làm được việc của mọi cán bộ trong phạm vi nhiệm kỳ, và của mọi người dân; nó giữ khóa mở số đã "
            "niêm phong."
        ),
    ),
    Threat(
        "worker", "People who run the machines",
        "A worker stopped, killed or run twice", "Chương trình nền dừng, bị tắt hoặc chạy đôi",
        "Work in the background is left half done, or done twice.",
        "Việc tìm, nối chuỗi, xóa bị bỏ dở hoặc làm hai lần.",
        3, 2, 1,
        (
            (
                "Findings, chain and erasures go on where they were and double nothing: "
                "`test_a_worker_that_is_killed_midway_leaves_nothing_and_the_next_finds_all`, "
                "`test_the_same_reading_looked_at_again_is_one_finding_and_grows_with_its_day`, "
                "`test_a_run_ended_in_the_middle_is_finished_by_the_next`"
            ),
        ),
        (
            "nobody runs it at all. Then nothing is found, chained or erased; the chain's age shows it, no alarm "
            "does."
        ),
        "Không ai chạy nó: khi đó không tìm, không nối chuỗi, không xóa; chưa có báo động.",
    ),
    Threat(
        "quiet_breach", "People who run the machines",
        "The breach kept quiet", "Sự cố bị giấu",
        "Knows that data went out and tells nobody, or tells late and mends the date.",
        "Biết dữ liệu đã lộ mà không báo ai, hoặc báo muộn rồi sửa ngày.",
        3, 4, 2,
        (
            (
                "A breach is written once and its steps are only added, for the owner too: "
                "`test_nobody_changes_or_removes_anything_in_the_register_even_its_owner`; the states are the "
                "database's: `test_steps_follow_the_table_of_states_and_no_other_way`"
            ),
            (
                "The hours run from discovery and the worker marks what passed them: "
                "`test_seventy_two_hours_are_counted_by_the_database_from_the_discovery`, "
                "`test_the_worker_marks_what_has_passed_its_hours_once_and_only_where_nothing_was_decided`; late "
                "needs a reason: `test_a_late_notification_must_say_why`"
            ),
            (
                "Leaving out the notification, and closing, need two officers, none of them the one it is about: "
                "`test_two_officers_are_needed_to_leave_out_the_notification_and_to_close`, "
                "`test_an_officer_whose_own_readings_are_the_breach_decides_nothing_about_it`"
            ),
            (
                "The affected are drawn from the log, and see what touched them: "
                "`test_persons_of_an_officers_readings_are_counted_once_and_only_within_the_two_moments`, "
                "`test_persons_see_only_breaches_that_touched_them_and_only_once_informed`"
            ),
        ),
        (
            "a breach that nobody enters. The moment of discovery is what the officer says. Two who agree. Delivery"
            " is in the app alone. The register is append-only by triggers, not chained."
        ),
        (
            "Sự cố không ai ghi vào sổ. Thời điểm phát hiện do người ghi nói ra. Hai người thông đồng. Chỉ báo được"
            " trong ứng dụng."
        ),
    ),
    Threat(
        "small_numbers", "Inference from statistics",
        "Working out small numbers", "Suy ra số nhỏ",
        "Puts tables together until one person stands out.",
        "Từ các bảng thống kê suy ra một người.",
        3, 3, 2,
        (
            (
                "Small numbers are left out with what they could be computed from, exactly, against every table "
                "that fits; differencing is tested: `test_no_small_number_can_be_worked_out_by_trying_every_table`,"
                " `test_differencing_a_province_and_its_districts_gives_no_small_number`, "
                "`test_differencing_two_overlapping_releases_does_not_give_the_difference`"
            ),
        ),
        (
            "releases made apart, in different tables, can be differenced: the check says so when it is asked "
            "(`test_releases_made_apart_can_be_differenced_and_the_check_says_so`), it is no budget over everything"
            " that was ever published. Knowledge from elsewhere (the only patient of a hamlet) is not counted."
        ),
        "Các bảng công bố rời nhau, khác bảng, trừ cho nhau được. Hiểu biết từ nơi khác không được tính.",
    ),
)  # fmt: skip
