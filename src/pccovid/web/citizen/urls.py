"""Addresses of the citizen app. Nothing personal ever stands in one."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from pccovid.web.citizen import (
    breaches,
    card,
    check_in,
    corrections,
    declare,
    feedback,
    home,
    my_consents,
    my_copy,
    my_places,
    my_qr,
    my_quarantine,
    my_records,
    notices,
    offline,
    passkeys,
    place_scanner,
    place_visitor,
    read_code,
    rights,
    sandbox_messages,
    sign_in,
    vneid,
    who_looked,
)  # fmt: skip

urlpatterns: list[URLPattern] = [
    # What is asked for most stands first: addresses are tried one after the other.
    path("ho-so", home.show, name="home"),
    path("ma-qr", my_qr.show, name="my-qr"),
    path("", sign_in.phone, name="sign-in"),
    path("dang-nhap/ma", sign_in.code, name="sign-in-code"),
    path("dang-nhap/ma-moi", sign_in.another_code, name="sign-in-another-code"),
    path("dang-nhap/ban-la-ai", sign_in.who, name="sign-in-who"),
    path("dang-nhap/lam-gi-tiep", sign_in.what_next, name="sign-in-what-next"),
    path("dang-nhap/vneid", vneid.begin, name="sign-in-vneid"),
    path("dang-nhap/vneid/xong", vneid.come_back, name="sign-in-vneid-done"),
    path("dang-nhap/khoa", passkeys.sign_in, name="sign-in-passkey"),
    path("dang-xuat", sign_in.out, name="sign-out"),
    path("sw.js", offline.worker, name="service-worker"),
    path("ngoai-mang", offline.without_connection, name="offline"),
    path("may-dung-chung", offline.shared_device, name="shared-device"),
    path("ho-so/danh-tinh", my_records.identity, name="my-identity"),
    path("ho-so/tiem-chung", my_records.facts, {"page": "my-doses"}, name="my-doses"),
    path("ho-so/xet-nghiem", my_records.facts, {"page": "my-tests"}, name="my-tests"),
    path("ho-so/khai-bao", my_records.facts, {"page": "my-declarations"}, name="my-declarations"),
    path("ho-so/noi-da-den", my_records.facts, {"page": "my-visits"}, name="my-visits"),
    path("ho-so/di-lai", my_records.facts, {"page": "my-trips"}, name="my-trips"),
    path("ho-so/nhap-canh", my_records.facts, {"page": "my-entries"}, name="my-entries"),
    path("ho-so/dieu-tri", my_records.facts, {"page": "my-treatment"}, name="my-treatment"),
    path("ho-so/bao-hiem", my_records.facts, {"page": "my-cards"}, name="my-cards"),
    path("ho-so/bao-hiem/hoi-lai", my_records.ask_insurer, name="ask-insurer"),
    path("ho-so/dia-chi", my_records.facts, {"page": "my-addresses"}, name="my-addresses"),
    path("ho-so/gia-dinh", my_records.facts, {"page": "my-family"}, name="my-family"),
    path("ho-so/con/<int:child>", my_records.child, name="my-child"),
    path("ho-so/khoa", passkeys.mine, name="my-passkeys"),
    path("ban-sao", my_copy.show, name="my-copy"),
    path("ban-sao/con/<int:child>", my_copy.show, name="my-copy-child"),
    path("dong-y", my_consents.show, name="my-consents"),
    path("quyen-cua-toi", rights.show, name="my-rights"),
    path("quyen-cua-toi/<int:number>", rights.request_page, name="my-right"),
    *(
        path(f"quyen-cua-toi/{slug}", rights.ask, {"kind": kind}, name=f"ask-{kind}")
        for kind, slug in rights.SLUGS.items()
    ),
    *(
        path(
            f"quyen-cua-toi/muc-sai/{section.page}",
            rights.wrong_fact,
            {"page": section.page},
            name=f"wrong-{section.page}",
        )
        for section in rights.FACT_SECTIONS
    ),
    path("khai-bao", declare.choose, name="declare"),
    path("khai-bao/to/<int:number>", declare.fill_in, name="declare-form"),
    path("sua-sai", corrections.show, name="my-corrections"),
    path("sua-sai/<int:number>", corrections.one, name="my-correction"),
    *(
        path(f"sua-sai/muc/{section.page}", corrections.wrong, {"page": section.page}, name=f"fix-{section.page}")
        for section in corrections.DISPUTED
    ),
    *(
        path(f"sua-sai/thieu/{section.page}", corrections.missing, {"page": section.page}, name=f"add-{section.page}")
        for section in corrections.ADDED
    ),
    path("phan-anh", feedback.show, name="my-feedback"),
    path("the-covid", card.show, name="my-card"),
    path("thong-bao", notices.show, name="my-notices"),
    path("ma-qr/da-che", my_qr.unified, name="my-qr-unified"),
    path("ma-qr/day-du", my_qr.in_full, name="my-qr-full"),
    path("ma-qr/the", my_qr.card, name="my-qr-card"),
    path("ma-qr/the-bo-vi", my_qr.wallet, name="my-qr-wallet"),
    path("ma-qr/sau-gio-toi", my_qr.ahead, name="my-qr-ahead"),
    path("ma-qr/thu-hoi", my_qr.revoke, name="my-qr-revoke"),
    path("quet", read_code.show, name="read-code"),
    path("dia-diem", my_places.places, name="my-places"),
    path("dia-diem/<uuid:place>", my_places.place, name="my-place"),
    path("dia-diem/<uuid:place>/to-dan/<slug:size>", my_places.poster, name="my-place-poster"),
    path("dia-diem/<uuid:place>/khach", place_visitor.show, name="place-visitor"),
    path("may-quet", place_scanner.scanner, name="place-scanner"),
    path("may-quet-sw.js", place_scanner.worker, name="place-scanner-worker"),
    path("may-quet/gui", place_scanner.send_on, name="place-scanner-send"),
    path("d/<slug:code>", check_in.check_in, name="check-in"),
    path("tiep-xuc", my_quarantine.show, name="my-quarantine"),
    path("su-co", breaches.show, name="my-breaches"),
    path("ai-da-xem", who_looked.show, name="who-looked"),
    path("ai-da-xem/trang/<int:page>", who_looked.show, name="who-looked-page"),
    path("ai-da-xem/con/<int:child>", who_looked.show, name="who-looked-child"),
    path("ai-da-xem/con/<int:child>/trang/<int:page>", who_looked.show, name="who-looked-child-page"),
    path("ai-da-xem/<int:reading>/khong-dung", who_looked.object_to, name="who-looked-object"),
]
if settings.IS_SANDBOX:
    urlpatterns.append(path("sandbox/tin-nhan", sandbox_messages.show, name="sandbox-messages"))
