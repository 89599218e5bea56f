"""One import in a process of its own, which a test may kill: `python import_to_be_killed.py URL FOLDER WORK NOW`.

Worker processes read this file again when they start, so it asks for nothing until it runs.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path


def main(url: str, folder: str, work: str, now: str) -> None:
    """Carry the folder over as the jobs role; ends with 1 and one sentence where it broke off."""
    import django

    from pccovid.foundation.database import ROLE_URL_VARIABLE

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    os.environ[ROLE_URL_VARIABLE] = url
    django.setup()
    from pccovid.carry_over.jobs import ImportBrokeOff
    from pccovid.carry_over.operations import Surroundings, carry_over

    around = Surroundings(url, Path(work), "1GB")
    try:
        carry_over(Path(folder), around, by="test", now=datetime.fromisoformat(now), progress=lambda stage, share: None)
    except ImportBrokeOff as told:
        sys.exit(f"import broke off: {told}")


if __name__ == "__main__":
    main(*sys.argv[1:])
