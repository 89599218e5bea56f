"""Passwords hashed as in earnest but for the work put into it, which only takes time: no test guesses at one."""

from __future__ import annotations

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickScrypt(ScryptPasswordHasher):
    """Scrypt with the least work there is."""

    work_factor = 2
    parallelism = 1
