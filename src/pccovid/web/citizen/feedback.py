"""Feedback: something one has seen, with a photo and a place, and what the commune answered."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.feedback import operations, queries
from pccovid.feedback.rules import KINDS, LONGEST_WORDS, SHORTEST_WORDS
from pccovid.foundation.photos import LARGEST_UPLOAD, PhotoRefused
from pccovid.officers.database import Refused
from pccovid.web import words
from pccovid.web.citizen.own_pages import own_page, own_record, read_own
from pccovid.web.sent_forms import sent, status_of

_TOO_SHORT = gettext_lazy("Viết rõ hơn một chút, ít nhất 10 ký tự.")


class FeedbackForm(forms.Form):
    """What was seen, where, in whose own words."""

    first_field = "id_kind_0"
    kind = forms.ChoiceField(
        choices=[(kind.code, kind.code) for kind in KINDS],
        error_messages={"required": gettext_lazy("Chọn một việc."), "invalid_choice": gettext_lazy("Chọn một việc.")},
    )
    place = forms.CharField(max_length=300, required=False)
    words = forms.CharField(
        min_length=SHORTEST_WORDS, max_length=LONGEST_WORDS,
        error_messages={"required": _TOO_SHORT, "min_length": _TOO_SHORT},
    )  # fmt: skip


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """What was sent and answered, and the form for more."""
    form = FeedbackForm(sent(request))
    if form.is_valid() and _sent(request, person, form):
        return redirect("my-feedback")
    (said,) = read_own(person, queries.OWN_FEEDBACK)
    page = {"form": form, "sent": said, "kinds": KINDS, "here": "home"}
    return render(request, "citizen/feedback.html", page, status=status_of(form.is_bound))


def _sent(request: HttpRequest, person: UUID, form: FeedbackForm) -> bool:
    """Whether it was taken; else the form says why not."""
    photos = request.FILES.getlist("photo")
    try:
        if not photos and int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD:
            raise PhotoRefused("too_large")
        with own_record(person):
            operations.send(**form.cleaned_data, photos=[photo.read() for photo in photos])
    except PhotoRefused as refused:
        form.add_error(None, words.word("photo_fault", refused.why))
        return False
    except Refused as refused:
        many = _("Mười phản ánh trong một ngày là nhiều nhất. Phản ánh tiếp được vào ngày mai.")
        form.add_error(None, many if refused.code == "PC443" else _("Không gửi được phản ánh này."))
        return False
    return True
