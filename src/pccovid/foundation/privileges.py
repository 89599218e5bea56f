"""Dropping root before a server that refuses it, without opening anybody's folders.

PostgreSQL will not run as root. When we are root, its processes run as an unprivileged account. Where a parent
folder is closed to that account (a checkout under a private home), the account keeps one capability, to pass
folders, instead of anybody loosening their permissions.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import stat
from collections.abc import Callable
from pathlib import Path

_ACCOUNTS = ("pccovid", "postgres", "nobody")
_PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 8, 47, 2
_CAPABILITY_VERSION_3, _CAP_DAC_OVERRIDE = 0x20080522, 1


def server_account() -> pwd.struct_passwd | None:
    """The account servers run as: None when we are not root and simply stay who we are.

    Raises LookupError when we are root and none of the known unprivileged accounts exists.
    """
    if os.geteuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError(f"running as root, and none of the accounts {', '.join(_ACCOUNTS)} exists to run PostgreSQL as")


def dropper(paths: list[Path]) -> Callable[[], None] | None:
    """A `preexec_fn` that becomes the server account; None when there is nothing to drop.

    `paths` are what the server must reach; only if a parent of one is closed is the capability kept.
    """
    account = server_account()
    if account is None:
        return None
    closed = any(not _passable(parent, account.pw_uid) for path in paths for parent in path.resolve().parents)
    # Loading the C library after fork could deadlock; load it here.
    libc = ctypes.CDLL(None, use_errno=True)

    def drop() -> None:
        if closed:
            libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        if closed:
            _keep_folder_passing(libc)

    return drop


def _passable(folder: Path, uid: int) -> bool:
    status = folder.stat()
    if status.st_uid == uid:
        return bool(status.st_mode & stat.S_IXUSR)
    return bool(status.st_mode & stat.S_IXOTH)


def _keep_folder_passing(libc: ctypes.CDLL) -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    only = 1 << _CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(only, only, only, 0, 0, 0)
    libc.capset(ctypes.byref(header), ctypes.byref(data))
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)
