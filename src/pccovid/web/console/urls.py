"""Addresses of the console. A person stands in them only by the index's own id, never by name or number."""

from __future__ import annotations

from django.urls import URLPattern, path

from pccovid.web.console import find_person, home, intake_pages, link_review, person_page, sign_in

urlpatterns: list[URLPattern] = [
    path("", home.home, name="console-home"),
    path("dang-nhap", sign_in.sign_in, name="console-sign-in"),
    path("dang-xuat", sign_in.sign_out, name="console-sign-out"),
    path("chuc-vu", sign_in.choose_office, name="console-offices"),
    path("chuyen-du-lieu", intake_pages.runs, name="console-runs"),
    path("chuyen-du-lieu/<int:number>", intake_pages.run, name="console-run"),
    path("dong-cho", intake_pages.rows, name="console-rows"),
    path("dong-cho/<uuid:row_id>", intake_pages.row, name="console-row"),
    path("cap-ban-ghi", link_review.queue, name="console-link-queue"),
    path("cap-ban-ghi/tiep", link_review.next_pair, name="console-link-next"),
    path("cap-ban-ghi/<uuid:pair_id>", link_review.pair, name="console-link-pair"),
    path("tim-nguoi", find_person.find, name="console-find"),
    path("nguoi/<uuid:person_id>", person_page.person, name="console-person"),
    path("nguoi/<uuid:person_id>/ban-ghi/<uuid:record_id>", person_page.record, name="console-record"),
]
