"""An import that is killed at any moment, by kill -9 or with its database server, ends as if nothing had happened."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from carry_over_importing import fingerprint, start_import
from conftest import MadeDatabase, database_from, prepare
from pccovid.foundation.cluster import Cluster
from pccovid.foundation.roles import set_up_roles
from pccovid.sandbox.nation import create, create_corrections

# Seconds that anything may take on a busy machine before we call it stuck.
PATIENCE = 300
CI_MOMENTS, SLOW_MOMENTS = 3, 20
Fingerprint = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Undisturbed:
    """A delivery, the database it is carried into, what comes of it, and how long that takes."""

    exports: Path
    before: str
    """URL of the database to copy."""
    home: Path
    result: Fingerprint
    seconds: float


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seventy people, without the vendor's ten thousand area names: they only take time."""
    folder = tmp_path_factory.mktemp("nation")
    create(people=70, seed=23, out=folder)
    create_corrections(folder, folder / "second", seed=7)
    for areas in folder.rglob("tokhaiyte_areas*"):
        areas.unlink()
    return folder


@pytest.fixture(scope="module")
def first(prepared_url: str, home: Path, nation: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return carried_over_once(nation / "exports", prepared_url, home, tmp_path_factory.mktemp("work"))[0]


@pytest.fixture(scope="module")
def second(prepared_url: str, home: Path, nation: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The corrected delivery, over an index that holds the first one."""
    work = tmp_path_factory.mktemp("work")
    _, made = carried_over_once(nation / "exports", prepared_url, home, work)
    return carried_over_once(nation / "second" / "exports", made.owner_url, home, work)[0]


def carried_over_once(exports: Path, before: str, home: Path, work: Path) -> tuple[Undisturbed, MadeDatabase]:
    made = database_from(before, home)
    began = time.monotonic()
    assert start_import(made, exports, work).wait(PATIENCE) == 0
    seconds = time.monotonic() - began
    return Undisturbed(exports, before, home, fingerprint(made), seconds), made


def moments(count: int) -> list[float]:
    """Shares of an import's duration, one at random in each of `count` equal spans."""
    dice = random.Random(20210913)
    return [(number + dice.random()) / count for number in range(count)]


def killed_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """kill -9 the import at that moment, and see that its workers end with it. False where it had ended before."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        # Stopped first, so that it can start no further worker while we look.
        process.send_signal(signal.SIGSTOP)
        workers = list(children_of(process.pid))
        process.kill()
        process.wait(PATIENCE)
        for worker in workers:
            assert ends_soon(worker), "a worker process outlived its import"
        return True
    assert process.returncode == 0
    return False


def children_of(process: int) -> Iterator[int]:
    """File descriptors that become readable when a child of the process ends."""
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield os.pidfd_open(int(child))


def ends_soon(process: int) -> bool:
    try:
        return bool(select.select([process], [], [], PATIENCE)[0])
    finally:
        os.close(process)


def is_published(made: MadeDatabase, runs: int) -> bool:
    with made.connect("owner") as owner:
        row = owner.execute("SELECT count(*) >= %s FROM people_importrun WHERE stage = 'published'", [runs]).fetchone()
    return row == (True,)


def nothing_is_left_of(made: MadeDatabase, work: Path) -> None:
    with made.connect("owner") as owner:
        staged = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'staging'").fetchone()
    assert staged == (0,)
    assert [path.name for path in work.iterdir()] in ([], ["spilled"])


def interrupted_and_taken_up(
    undisturbed: Undisturbed, work: Path, shares: list[float], strike: Callable[..., bool] = killed_after
) -> None:
    """Strike the import at each share of its duration in turn, then let it end: all must be as if undisturbed."""
    made = database_from(undisturbed.before, undisturbed.home)
    runs = 1 + is_published(made, 1)
    ended = False
    for share in shares:
        ended = ended or not strike(start_import(made, undisturbed.exports, work), share * undisturbed.seconds)
    # Struck after it was published, the same delivery comes again: that changes nothing but adds its own ledger.
    came_again = is_published(made, runs)
    if not ended:
        assert start_import(made, undisturbed.exports, work).wait(PATIENCE) == 0
    ignored = ("people_importfile",) if came_again else ()
    result = {table: rows for table, rows in undisturbed.result.items() if table not in ignored}
    assert fingerprint(made, without=ignored) == result
    nothing_is_left_of(made, work)


def in_ci() -> list[list[float]]:
    """Three moments; after the second one the run that takes up again is killed too."""
    one, two, three = moments(CI_MOMENTS)
    return [[one], [two, 0.4], [three]]


@pytest.mark.parametrize("shares", in_ci())
def test_an_import_killed_at_any_moment_ends_as_if_undisturbed(
    first: Undisturbed, tmp_path: Path, shares: list[float]
) -> None:
    interrupted_and_taken_up(first, tmp_path, shares)


def test_a_corrected_delivery_killed_over_a_filled_index_ends_as_if_undisturbed(
    second: Undisturbed, tmp_path: Path
) -> None:
    interrupted_and_taken_up(second, tmp_path, [0.8])


@pytest.mark.slow
@pytest.mark.parametrize("share", moments(SLOW_MOMENTS))
def test_twenty_moments_of_death_all_end_as_if_undisturbed(first: Undisturbed, tmp_path: Path, share: float) -> None:
    interrupted_and_taken_up(first, tmp_path, [share])


@pytest.mark.slow
@pytest.mark.parametrize("share", moments(6))
def test_a_corrected_delivery_killed_again_and_again_ends_as_if_undisturbed(
    second: Undisturbed, tmp_path: Path, share: float
) -> None:
    interrupted_and_taken_up(second, tmp_path, [share, 0.9 * share, 0.5])


@dataclass(frozen=True)
class OwnServer:
    """A database server that belongs to one test, because it dies in it."""

    home: Path
    url: str

    def strikes(self, how: signal.Signals) -> Callable[[subprocess.Popen[bytes], float], bool]:
        """A way to interrupt an import: end the server without warning, and start it again."""

        def strike(process: subprocess.Popen[bytes], seconds: float) -> bool:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                server = int((Cluster(self.home).data / "postmaster.pid").read_text().split()[0])
                gone = [os.pidfd_open(server), *children_of(server)]
                os.kill(server, how)
                assert process.wait(PATIENCE) == 1, "the import goes on without its server"
                assert all(ends_soon(one) for one in gone)
                Cluster(self.home).start()
                return True
            return False

        return strike


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    home = tmp_path_factory.mktemp("home")
    with Cluster(home).in_use() as url:
        set_up_roles(url, home)
        prepare(url)
        yield OwnServer(home, url)
    shutil.rmtree(home)


def test_an_import_whose_database_server_dies_ends_as_if_undisturbed(
    first: Undisturbed, own_server: OwnServer, tmp_path: Path
) -> None:
    elsewhere = Undisturbed(first.exports, own_server.url, own_server.home, first.result, first.seconds)
    interrupted_and_taken_up(elsewhere, tmp_path, [0.6], own_server.strikes(signal.SIGQUIT))


@pytest.mark.slow
@pytest.mark.parametrize("share", moments(6))
@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGKILL])
def test_a_database_server_dying_at_any_moment_costs_nothing(
    first: Undisturbed, own_server: OwnServer, tmp_path: Path, share: float, how: signal.Signals
) -> None:
    elsewhere = Undisturbed(first.exports, own_server.url, own_server.home, first.result, first.seconds)
    interrupted_and_taken_up(elsewhere, tmp_path, [share, share], own_server.strikes(how))
