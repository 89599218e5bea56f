"""Threats to things, machines and published figures. Data; see threat_list.py."""

from __future__ import annotations

from pccovid.web.governance.threat import Threat

THREATS_TO_THINGS: tuple[Threat, ...] = (
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
            (
                "Backups made by `pccovid backup` are sealed as a whole, and forget: rows with a period go from every "
                "copy with the key of the day they are due, everything else with the backup's own key after a month "
                "at the latest: `test_the_files_of_a_backup_show_nothing_without_its_keys`, "
                "`test_rows_go_from_an_old_backup_on_the_day_they_are_due`, "
                "`test_a_backup_whose_life_is_over_opens_for_nobody`, "
                "`test_a_damaged_backup_is_told_and_named`"
            ),
        ),
        (
            "names, birth dates, addresses, doses, tests, declarations and complaints lie open on the disk, and in a "
            "dump made by other means than ours: they are searched and compared. Equal hashes show that two rows have "
            "the same number. The disk must be encrypted by whoever runs it. A dump stolen **with** the keys is "
            "everything. What one person had erased stays in a backup of ours until its life is over; who restores "
            "one erases it again (docs/runbooks/backups.md)."
        ),
        (
            "Tên, ngày sinh, địa chỉ, mũi tiêm, xét nghiệm, khai báo và phản ánh nằm rõ trên ổ đĩa và trong bản kết "
            "xuất làm bằng cách khác. Bản sao cùng với khóa là tất cả. Điều một người đã cho xóa còn trong bản sao "
            "lưu đến hết hạn của bản ấy, lâu nhất một tháng."
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
                "`test_a_chain_computed_anew_after_a_change_differs_from_its_anchor`; the command itself: "
                "`test_the_command_finds_and_locates`"
            ),
            (
                "The anchors' file cannot be removed, cut or jammed unseen: "
                "`test_anchors_that_were_removed_or_cut_off_are_missed`, "
                "`test_a_line_nobody_signed_does_not_stop_the_next_anchor`, "
                "`test_the_command_misses_an_anchors_file_that_is_gone`"
            ),
            (
                "Neither statements nor refused rows stand in the server's log: "
                "`test_a_refused_row_does_not_stand_in_the_servers_log`"
            ),
            (
                "Processes run as roles that own nothing: `test_no_role_owns_anything_or_may_pass_row_security`, "
                "`test_what_a_role_may_do_with_tables_equals_its_declared_list`, "
                "`test_the_log_is_append_only_even_for_its_owner`"
            ),
            (
                "Passes off nothing as erased after its years: a range counts only where an anchor outside the "
                "database shows that it was old enough: `test_younger_entries_are_not_passed_off_as_erased`, "
                "`test_damage_beside_and_within_an_erased_range_is_still_found`, "
                "`test_without_the_anchors_no_erasure_is_excused`"
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
            (
                "Makes nothing in the database that outlives it or decides for others, no function, block, large "
                "object, schema or file: `test_no_role_of_ours_may`, "
                "`test_nothing_is_left_open_that_preparing_closes`, "
                "`test_objects_a_role_owns_outside_staging_are_told`"
            ),
            (
                "What it writes for its own next sessions, a search path say, is told and taken away when roles are "
                "set up; it fills no disk with temporary tables: "
                "`test_what_a_role_left_behind_for_its_next_sessions_is_told_and_taken_away`, "
                "`test_only_jobs_make_temporary_tables`"
            ),
            (
                "Opens nothing with empty or odd arguments, keeps nothing open in statements or cursors, and learns "
                "nothing by conditions that fail: `test_access_is_not_opened_with_nothing_or_with_odd_arrays`, "
                "`test_a_prepared_statement_and_a_cursor_see_nothing_once_the_access_is_over`, "
                "`test_a_condition_that_leaks_is_asked_of_rows_in_sight_only`, "
                "`test_statistics_of_personal_tables_are_told_to_no_role`"
            ),
            (
                "Cannot read and then roll back unseen. An opening is announced, and that committed, before anything "
                "is read; what leaves no entry becomes one, and the person finds it: "
                "`test_nothing_opens_that_was_not_announced`, "
                "`test_announcing_within_the_same_transaction_is_not_announcing`, "
                "`test_an_announcement_opens_what_it_names_and_nothing_else`, "
                "`test_a_reading_that_is_rolled_back_becomes_an_entry_that_the_person_sees`, "
                "`test_a_reading_undone_by_a_savepoint_stays_as_well`, `test_no_role_takes_an_announcement_back`"
            ),
        ),
        (
            "it can act as any officer that exists within that officer's appointments, and as any citizen; each "
            "reading stays in the log under that name, and volume findings would point at the wrong person. It can "
            "see what passes through it, and it holds the keys that open sealed numbers. An announcement's commit does "
            "not wait for the disk: a server that crashes within the same second forgets it; what stays then is a "
            "line in the server's own log (`test_a_reading_that_is_rolled_back_leaves_its_number_and_a_line`). It can "
            "announce what it never reads, so that somebody seems to have looked. And it can ask for plans: the "
            "planner's estimates tell how often a value or a range of values occurs in a table, not whose it is. It "
            "can set an officer's password, which without the second factor opens nothing, and it can hold locks that "
            "an import waits for: refusal of service, not of secrecy."
        ),
        (
            "Nó làm được việc của mọi cán bộ trong phạm vi nhiệm kỳ, và của mọi người dân; nó giữ khóa mở số đã "
            "niêm phong. Máy chủ sập ngay trong giây đó thì lời báo trước có thể mất; nó cũng báo được cả lượt xem "
            "không có thật."
        ),
    ),
    Threat(
        "jobs_taken_over", "People who run the machines",
        "The jobs process taken over", "Tiến trình nền bị chiếm",
        "Somebody from outside commands the programs that carry over, erase and export.",
        "Kẻ ngoài điều khiển được các chương trình chuyển, xóa và xuất dữ liệu.",
        1, 4, 1,
        (
            (
                "Erases what is due alone, and deletes by hand nothing that a run may erase: "
                "`test_no_role_erases_without_the_purpose_or_says_that_it_does`, "
                "`test_nobody_deletes_by_hand_what_the_run_may_erase`, "
                "`test_erasing_is_over_within_the_transaction_that_did_it`"
            ),
            (
                "An operator of its own in `staging` does not decide what row security lets through: "
                "`test_an_operator_of_ones_own_does_not_decide_what_is_seen`. Neither it nor any other role keeps "
                "the log out of the chain: `test_another_role_cannot_keep_the_log_out_of_the_chain`, "
                "`test_entries_that_wait_too_long_for_the_chain_are_told`"
            ),
        ),
        (
            "jobs read and write everybody's records for their own purposes; a taken over one may name any job. It "
            "may hold locks that other processes wait for: refusal of service, not of secrecy."
        ),
        "Chương trình nền đọc và ghi hồ sơ của mọi người cho việc của nó; kẻ chiếm nó có thể mượn tên việc khác.",
    ),
    Threat(
        "restored_log", "People who run the machines",
        "A log brought to another server", "Sổ được khôi phục trên máy chủ khác",
        "Restored from a dump, where transactions are counted anew.",
        "Khôi phục từ bản sao lưu, nơi giao dịch được đếm lại từ đầu.",
        2, 3, 1,
        (
            (
                "An old entry opens nothing when its number comes round, and the log goes on being chained: "
                "`test_a_restored_log_opens_nothing_on_a_server_that_counts_anew`, "
                "`test_a_log_restored_on_another_server_goes_on_being_chained`"
            ),
        ),
        "what happened between the dump and the restore is not in the log; verifying says `tail_cut`.",
        "Việc xảy ra giữa lúc sao lưu và lúc khôi phục không có trong sổ; khi kiểm tra sẽ báo bị cắt đuôi.",
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
            (
                "Once a day it verifies the log by itself, and damage goes into the register of breaches: "
                "`test_the_worker_verifies_the_log_by_itself_and_enters_its_damage_once`"
            ),
        ),
        (
            "nobody runs it at all. Then nothing is found, chained, verified or erased; the chain's age shows it, no "
            "alarm does."
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
            (
                "Publishing holds all releases of a week together, by province and by commune, and counts a week once, "
                "so that who comes late is no difference: "
                "`test_no_small_number_can_be_worked_out_of_all_releases_together`, "
                "`test_who_comes_late_does_not_show_in_the_difference_of_two_releases`, "
                "`test_a_week_is_seven_days_from_a_monday_and_no_other`"
            ),
            (
                "The program that counts sees nobody, and the database refuses a small number itself: "
                "`test_counting_sees_nobody_and_is_logged`, "
                "`test_the_database_itself_refuses_a_small_number_and_one_that_differs`"
            ),
        ),
        (
            "themes are counted apart: what several tables of one week say together of a group is not held back; nor "
            "what weeks one after the other say of a commune that never changes. Zeros are told. The program of "
            "counting itself learns the small numbers. Knowledge from elsewhere (the only patient of a hamlet) is not "
            "counted."
        ),
        (
            "Mỗi chủ đề tính riêng: nhiều bảng của cùng tuần đặt cạnh nhau không được xét chung. Số không được công "
            "bố. Hiểu biết từ nơi khác không được tính."
        ),
    ),
)  # fmt: skip
