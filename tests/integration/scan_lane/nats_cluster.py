"""Three NATS servers with JetStream that make one cluster, on loopback alone; each may be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from integration.scan_lane.conftest import free_port


class NatsCluster:
    """Servers by number, each with its own folder; messages are flushed as they come."""

    def __init__(self, folder: Path, servers: int = 3) -> None:
        self.folder = folder
        self.clients, self.routes = ([free_port() for _ in range(servers)] for _ in range(2))
        self.processes = [self._start(number) for number in range(servers)]
        for port in self.clients:
            _wait_for(port)

    @property
    def urls(self) -> str:
        return ",".join(f"nats://127.0.0.1:{port}" for port in self.clients)

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        home = self.folder / str(number)
        home.mkdir(parents=True, exist_ok=True)
        routes = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in self.routes)
        (home / "nats.conf").write_text(
            f'server_name: "n{number}"\nlisten: "127.0.0.1:{self.clients[number]}"\n'
            f'jetstream {{ store_dir: "{home}", sync_interval: "always", max_file_store: 1073741824 }}\n'
            f'cluster {{ name: "scans", listen: "127.0.0.1:{self.routes[number]}", routes: [{routes}] }}\n'
        )
        server = str(Path(sys.executable).with_name("nats-server"))
        log = (home / "log").open("w")
        return subprocess.Popen([server, "-c", str(home / "nats.conf")], stdout=log, stderr=log)

    def kill(self, number: int) -> None:
        os.kill(self.processes[number].pid, signal.SIGKILL)
        self.processes[number].wait()

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("a NATS server did not start")
