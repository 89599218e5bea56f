"""The WSGI door."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
application = get_wsgi_application()
# What is loaded by now stays until the process ends: the collector need not walk through it at every request.
gc.collect()
gc.freeze()
