"""One shadow made in a process of its own, which a test may kill: `python shadow_to_be_killed.py URL WORK NOW`."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path


def main(url: str, work: str, now: str) -> None:
    """Make a shadow with a model of another name; each stage is told on standard output as it begins."""
    import django

    from pccovid.foundation.database import ROLE_URL_VARIABLE

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    os.environ[ROLE_URL_VARIABLE] = url
    django.setup()
    from pccovid.carry_over.operations import Surroundings
    from pccovid.linkage.model import default_model
    from pccovid.relinking.making import make_shadow

    make_shadow(
        Surroundings(url, Path(work), "1GB"), model=default_model(), by="test", now=datetime.fromisoformat(now),
        progress=lambda stage, share: print(f"{stage} {share:.2f}", flush=True),
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
