"""Threats by people, with an account or without one. Data; see threat_list.py."""

from __future__ import annotations

from pccovid.web.governance.threat import Threat

THREATS_BY_PEOPLE: tuple[Threat, ...] = (
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
            (
                "A tracer's reading for a case or a task is checked against it, and opens its people alone: "
                "`test_a_case_opens_itself_and_whom_it_met_here_and_nobody_else_of_the_area`, "
                "`test_what_is_no_case_of_the_area_or_no_case_at_all_opens_nothing`, "
                "`test_a_task_taken_on_opens_the_one_it_is_about_wherever_they_live`"
            ),
        ),
        (
            "one reading of one person of the area under an invented file number: outside tracing nobody checks it "
            "against a register. The person sees it, if they look. What was read can be "
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
            "a SIM swap by somebody who knows name and birth date: family, an employer, a thief with the card. "
            "A passkey or VNeID resists it, for whoever uses one. There is no page that lists one's own sessions."
        ),
        "Người chiếm SIM mà biết tên và ngày sinh, khi chủ máy chưa dùng khóa truy cập hay VNeID.",
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
            (
                "Whatever schemathesis thinks of, by every kind of visitor, is answered without a fault or anybody's "
                "data: `test_whatever_is_asked_of_any_address_is_answered_without_a_fault`; an interface that "
                "publishes its own OpenAPI is asked too: "
                "`test_an_interface_that_publishes_its_description_is_taken_up_and_its_faults_found`"
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
)  # fmt: skip
