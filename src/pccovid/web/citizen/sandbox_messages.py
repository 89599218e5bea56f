"""Sandbox only: the messages that a telecom would have carried."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.accounts.sandbox_inbox import newest_messages


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The newest messages to made phones."""
    return render(request, "citizen/sandbox_messages.html", {"messages_sent": newest_messages()})
