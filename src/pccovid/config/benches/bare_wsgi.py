"""A bare Django view that runs the statements a page was seen to run, and answers as many bytes. For the bench."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pccovid.foundation.one_trip import send_together

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__
# Written by the bench itself, beside its scratch database, and read by the server that it started.
_STATEMENTS = pickle.loads(Path(os.environ["PCCOVID_BENCH_STATEMENTS"]).read_bytes())  # noqa: S301


def page(request: HttpRequest, name: str, at: int) -> HttpResponse:
    """Every statement as the page sent it, alone or in a pipeline, each with its rows fetched."""
    sent, size = _STATEMENTS[name][at]
    for statements in sent:
        if len(statements) > 1:
            send_together(statements)
            continue
        with connection.cursor() as cursor:
            cursor.execute(*statements[0])
            cursor.fetchall()
    return HttpResponse(b"x" * size)


def answers(_request: HttpRequest) -> HttpResponse:
    """That the server is there."""
    return HttpResponse()


urlpatterns = [path("", answers), path("<str:name>/<int:at>", page)]
application = get_wsgi_application()
