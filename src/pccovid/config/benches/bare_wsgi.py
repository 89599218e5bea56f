"""A bare Django view that runs the statements a page was seen to run, and answers as many bytes. For the bench."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__
# Written by the bench itself, beside its scratch database, and read by the server that it started.
_STATEMENTS = pickle.loads(Path(os.environ["PCCOVID_BENCH_STATEMENTS"]).read_bytes())  # noqa: S301


def page(request: HttpRequest, name: str, at: int) -> HttpResponse:
    """Every statement in one transaction, each with its rows fetched."""
    statements, size = _STATEMENTS[name][at]
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description is not None:
                cursor.fetchall()
    return HttpResponse(b"x" * size)


urlpatterns = [path("<str:name>/<int:at>", page)]
application = get_wsgi_application()
