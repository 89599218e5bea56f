"""What a PostgreSQL server is told to do that would put personal data where no rule reaches: its log, its planner; and
what would make it refuse work.

The embedded server is started as it should be (cluster.py). Another one belongs to somebody else: `pccovid db roles`
tells what to ask its administrator for.
"""

from __future__ import annotations

import psycopg

_OFF_BELOW = ("fatal", "panic")
# CVE-2025-8713: planner statistics of rows behind row security; fixed in these minor versions.
_FIXED = {15: 14, 16: 10, 17: 6}
_SETTINGS = """
    SELECT name, setting FROM pg_settings WHERE name IN ('log_min_error_statement', 'log_error_verbosity',
        'log_statement', 'log_min_duration_statement', 'log_min_duration_sample', 'log_parameter_max_length_on_error',
        'max_locks_per_transaction')
"""
FEWEST_LOCKS = 512
"""Reading a table by days locks each of its days and their indexes; a hundred days and the usual 64 are not enough."""


def server_faults(connection: psycopg.Connection) -> tuple[str, ...]:
    """Each fault of the connected server in words; empty where it is as it should be."""
    return (*_faults_of_version(connection.info.server_version), *_faults_of_settings(connection))


def _faults_of_version(version: int) -> list[str]:
    major, minor = divmod(version, 10_000)
    if minor < _FIXED.get(major, 0):
        return [f"PostgreSQL {major}.{minor} tells statistics of hidden rows; {major}.{_FIXED[major]} does not"]
    return []


def _faults_of_settings(connection: psycopg.Connection) -> list[str]:
    settings: dict[str, str] = dict(connection.execute(_SETTINGS).fetchall())
    faults = []
    if settings["log_min_error_statement"] not in _OFF_BELOW:
        faults.append("log_min_error_statement is not panic: statements, with what they look for, reach the log")
    if settings["log_error_verbosity"] != "terse":
        faults.append("log_error_verbosity is not terse: a refused row is written whole into the log")
    if settings["log_statement"] == "all":
        faults.append("log_statement is all: every statement reaches the log")
    faults += [
        f"{name} is not off: slow statements reach the log"
        for name in ("log_min_duration_statement", "log_min_duration_sample")
        if settings[name] != "-1"
    ]
    if settings["log_parameter_max_length_on_error"] != "0":
        faults.append("log_parameter_max_length_on_error is not 0: parameters reach the log")
    return faults + _too_few_locks(int(settings["max_locks_per_transaction"]))


def _too_few_locks(locks: int) -> list[str]:
    if locks >= FEWEST_LOCKS:
        return []
    wanted = f"ALTER SYSTEM SET max_locks_per_transaction = {FEWEST_LOCKS}, and start it anew"
    return [f"max_locks_per_transaction is {locks}: a page locks each day of movement that is kept; {wanted}"]
