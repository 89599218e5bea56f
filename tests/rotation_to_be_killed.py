"""One rotation of keys in a process of its own, which a test may kill: `python rotation_to_be_killed.py URL FAMILY…`.

It says each batch it has done, and waits for a line before it goes on.
"""

from __future__ import annotations

import os
import sys


def main(url: str, *families: str) -> None:
    import django
    import psycopg

    from pccovid.foundation.database import ROLE_URL_VARIABLE

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    os.environ[ROLE_URL_VARIABLE] = url
    django.setup()
    from pccovid.people.key_rotation import rotate

    def tell(table: str, looked_at: int, rewritten: int) -> None:
        print(table, looked_at, rewritten, flush=True)
        sys.stdin.readline()

    with psycopg.connect(url, autocommit=True) as owner:
        rotate(owner, families, progress=tell, batch=40)
    print("whole", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
