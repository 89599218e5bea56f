"""What the process is told from outside, read once, checked at start, with a hint for every mistake.

| variable | meaning | default |
|---|---|---|
| PCCOVID_HOME | folder of everything the system keeps | `var` in the working folder |
| PCCOVID_DATABASE_URL | owner's PostgreSQL (15 or newer), instead of the embedded one | embedded |
| PCCOVID_MODE | `sandbox` (made people, messages shown on a page) or `production` | `sandbox` |
| PCCOVID_SECRET_KEY | signs sessions; at least 40 characters | made at random in the home folder (sandbox) |
| PCCOVID_KEYS_FILE | keys that seal numbers (or PCCOVID_KEYS: their text) | made in the home folder (sandbox) |
| PCCOVID_HOSTS | host names served, separated by commas | loopback names (sandbox) |
| PCCOVID_BACKUP_KEYS_FILE | keys of backups: docs/runbooks/backups.md | made in the home folder (sandbox) |
| PCCOVID_CODE_KEYS_FILE | keys that sign codes (or PCCOVID_CODE_KEYS: their text) | made in the home folder (sandbox) |
| PCCOVID_SCAN_LANE | where the pages reach the hot lane | `http://127.0.0.1:8100` |
| PCCOVID_VNEID_ISSUER | VNeID (with PCCOVID_VNEID_CLIENT, PCCOVID_VNEID_SECRET) | none: not offered |
| PCCOVID_IMPORT_MEMORY | DuckDB's memory limit in linkage | `1GB` |
| PCCOVID_TRACING_LANES | connections that trace at once where many cases are due | processors here, at most 4 |
| PCCOVID_SPARK_MASTER | Spark cluster that links and traces (`spark://host:7077`): docs/guides/spark.md | none |
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pccovid.foundation.cluster import secret
from pccovid.foundation.key_ring import check_keys

SANDBOX, PRODUCTION = "sandbox", "production"


class EnvironmentIsWrong(RuntimeError):
    """A variable is missing or unusable; the message names it and says what would be right."""


@dataclass(frozen=True)
class Environment:
    """The process's outside settings, already checked."""

    home: Path
    database_url: str | None
    mode: str
    secret_key: str
    hosts: tuple[str, ...]
    import_memory: str
    spark_master: str | None = None
    tracing_lanes: int = 1

    @property
    def is_sandbox(self) -> bool:
        return self.mode == SANDBOX


def read_environment() -> Environment:
    """Read and check the variables. Raises EnvironmentIsWrong, KeysAreWrong."""
    home = Path(os.environ.get("PCCOVID_HOME", "var")).absolute()
    mode = _one_of("PCCOVID_MODE", SANDBOX, (SANDBOX, PRODUCTION))
    check_keys(may_make=mode == SANDBOX)
    return Environment(
        home=home,
        database_url=_database_url(),
        mode=mode,
        secret_key=_secret_key(home, mode),
        hosts=_hosts(mode),
        import_memory=os.environ.get("PCCOVID_IMPORT_MEMORY", "1GB"),
        spark_master=_spark_master(),
        tracing_lanes=_tracing_lanes(),
    )


def _one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(name, default)
    if value not in allowed:
        raise EnvironmentIsWrong(f"{name} is “{value}”; it must be one of: {', '.join(allowed)}")
    return value


def _database_url() -> str | None:
    url = os.environ.get("PCCOVID_DATABASE_URL") or None
    if url is not None and urlsplit(url).scheme not in ("postgresql", "postgres"):
        raise EnvironmentIsWrong("PCCOVID_DATABASE_URL must look like postgresql://user:password@host:5432/name")
    return url


def _spark_master() -> str | None:
    master = os.environ.get("PCCOVID_SPARK_MASTER") or None
    if master is not None and not master.startswith(("spark://", "k8s://", "local", "yarn")):
        raise EnvironmentIsWrong("PCCOVID_SPARK_MASTER must look like spark://host:7077 (or yarn, k8s://…, local[2])")
    return master


def _tracing_lanes() -> int:
    given = os.environ.get("PCCOVID_TRACING_LANES") or str(min(4, os.cpu_count() or 1))
    if not given.isdecimal() or not 1 <= int(given) <= 64:
        raise EnvironmentIsWrong(f"PCCOVID_TRACING_LANES is “{given}”; it must be a number from 1 to 64")
    return int(given)


def _secret_key(home: Path, mode: str) -> str:
    key = os.environ.get("PCCOVID_SECRET_KEY", "")
    if key and len(key) < 40:
        raise EnvironmentIsWrong("PCCOVID_SECRET_KEY is shorter than 40 characters; make one at random")
    if not key and mode == PRODUCTION:
        raise EnvironmentIsWrong("PCCOVID_SECRET_KEY is missing; in production it must come from the environment")
    return key or secret(home, "session-signing") * 2


def _hosts(mode: str) -> tuple[str, ...]:
    given = tuple(host.strip() for host in os.environ.get("PCCOVID_HOSTS", "").split(",") if host.strip())
    if not given and mode == PRODUCTION:
        raise EnvironmentIsWrong("PCCOVID_HOSTS is missing; name the hosts this service answers for")
    return given or ("127.0.0.1", "localhost", "[::1]", "testserver")
