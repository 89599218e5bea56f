"""Addresses of the console. A person stands in them only by the index's own id, never by name or number."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from pccovid.web.console import (
    appointments,
    break_glass,
    exports,
    find_person,
    home,
    inspection,
    intake_pages,
    link_review,
    person_page,
    retention,
    sandbox_codes,
    security_page,
    shadow,
    sign_in,
    sign_in_factor,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="console-home"),
    path("dang-nhap", sign_in.sign_in, name="console-sign-in"),
    path("dang-nhap/buoc-hai", sign_in_factor.factor, name="console-factor"),
    path("dang-nhap/mat-khau-moi", sign_in_factor.new_password, name="console-new-password"),
    path("dang-nhap/thiet-lap", sign_in_factor.enrol, name="console-enrol"),
    path("bao-mat", security_page.security, name="console-security"),
    path("bao-mat/khoa", security_page.add_passkey, name="console-add-passkey"),
    path("bao-mat/ma", security_page.add_codes, name="console-add-codes"),
    path("bao-mat/bo", security_page.remove_factor, name="console-remove-factor"),
    path("bao-mat/ma-du-phong", security_page.new_recovery_codes, name="console-new-recovery-codes"),
    path("bao-mat/dang-xuat-moi-noi", security_page.sign_out_everywhere, name="console-sign-out-everywhere"),
    path("bo-nhiem", appointments.appointments, name="console-appointments"),
    path("bo-nhiem/<int:appointment>/ket-thuc", appointments.end, name="console-end-appointment"),
    path("bo-nhiem/can-bo/<int:officer>/dat-lai", appointments.reset, name="console-reset-officer"),
    path("khan-cap", break_glass.break_glass, name="console-break-glass"),
    path("khan-cap/<int:number>", break_glass.glass, name="console-glass"),
    path("thanh-tra", inspection.queue, name="console-inspection"),
    path("thanh-tra/chuyen-den", inspection.referrals, name="console-inspection-referrals"),
    path("thanh-tra/<int:number>", inspection.case, name="console-inspection-case"),
    path("dang-xuat", sign_in.sign_out, name="console-sign-out"),
    path("chuc-vu", sign_in.choose_office, name="console-offices"),
    path("chuyen-du-lieu", intake_pages.runs, name="console-runs"),
    path("chuyen-du-lieu/<int:number>", intake_pages.run, name="console-run"),
    path("dong-cho", intake_pages.rows, name="console-rows"),
    path("dong-cho/<uuid:row_id>", intake_pages.row, name="console-row"),
    path("cap-ban-ghi", link_review.queue, name="console-link-queue"),
    path("cap-ban-ghi/tiep", link_review.next_pair, name="console-link-next"),
    path("cap-ban-ghi/<uuid:pair_id>", link_review.pair, name="console-link-pair"),
    path("ghep-thu", shadow.shadows, name="console-shadows"),
    path("ghep-thu/<int:number>", shadow.shadow, name="console-shadow"),
    path("ghep-thu/<int:number>/duyet", shadow.approve, name="console-approve-shadow"),
    path("ghep-thu/<int:number>/nguoi/<uuid:person_id>", shadow.person, name="console-shadow-person"),
    path("xuat-du-lieu", exports.exports, name="console-exports"),
    path("xuat-du-lieu/moi", exports.ask, name="console-ask-export"),
    path("xuat-du-lieu/<int:number>/y-kien", exports.judge, name="console-judge-export"),
    path("xuat-du-lieu/<int:number>/tep", exports.download, name="console-download-export"),
    path("luu-giu", retention.retention, name="console-retention"),
    path("luu-giu/ket-thuc/<int:declaration>", retention.approve_end, name="console-approve-end"),
    path("tim-nguoi", find_person.find, name="console-find"),
    path("nguoi/<uuid:person_id>", person_page.person, name="console-person"),
    path("nguoi/<uuid:person_id>/ban-ghi/<uuid:record_id>", person_page.record, name="console-record"),
]
if settings.IS_SANDBOX:
    urlpatterns.append(path("sandbox/ma", sandbox_codes.show, name="console-sandbox-codes"))
