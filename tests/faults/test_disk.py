"""A database that can't be written: full disk, read-only. Nothing leaves that is not on record, and it mends itself."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.faults.branch import Branch, question
from tests.faults.nursery import Ended, Nursery
from tests.faults.test_servers_down import expect_all

pytestmark = pytest.mark.slow
MANY = 30


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 6 MB large."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = os.geteuid() == 0 and _mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place))
    if not mounted:
        pytest.skip("a file system can only be mounted by root, and not in every container")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def _mount(*args: str) -> bool:
    return subprocess.run(["mount", *args], check=False, capture_output=True).returncode == 0


def expect_clear_words(ended: Ended) -> None:
    assert ended.status in (1, 75), ended.err
    assert "Traceback" not in ended.err
    assert [line for line in ended.err.splitlines() if line.startswith("mailbot: ")]


@pytest.mark.parametrize("room", [100_000, 250_000, 350_000, 500_000, 800_000])
def test_a_disk_that_fills_up_at_any_point_of_the_work(branch: Branch, nursery: Nursery, room: int) -> None:
    branch.put(*(question(number) for number in range(MANY)))
    ended = branch.run(nursery, files=room)
    if ended.status != 0:
        expect_clear_words(ended)
    again = branch.run(nursery)
    assert again.status == 0, again.err
    expect_all(branch, MANY)
    print(f"room for {room} bytes: exit status {ended.status}, {branch.sent().repeats} letters repeated")


def test_a_full_disk_lets_nothing_leave_and_changes_no_mailbox(
    found: Callable[..., Branch], nursery: Nursery, disk: Path
) -> None:
    branch = found(store=f"sqlite:///{disk / 'mailbot.db'}")
    branch.put(question(0))
    assert branch.run(nursery).status == 0
    branch.put(*(question(number) for number in range(1, MANY)))
    filler = disk / "filler"
    _fill(filler)
    expect_clear_words(branch.run(nursery))
    assert (len(branch.sink.received), len(branch.dovecot.messages(branch.user))) == (2, MANY - 1)
    filler.unlink()
    assert branch.run(nursery).status == 0
    expect_all(branch, MANY)
    assert branch.sent().repeats == 0


def test_a_disk_that_turned_read_only_lets_nothing_leave(
    found: Callable[..., Branch], nursery: Nursery, disk: Path
) -> None:
    branch = found(store=f"sqlite:///{disk / 'mailbot.db'}")
    branch.put(question(0))
    assert branch.run(nursery).status == 0
    branch.put(question(1))
    assert _mount("-o", "remount,ro", str(disk))
    left = len(branch.sink.received)
    expect_clear_words(branch.run(nursery))
    assert (len(branch.sink.received), len(branch.dovecot.messages(branch.user))) == (left, 1)
    assert _mount("-o", "remount,rw", str(disk))
    assert branch.run(nursery).status == 0
    expect_all(branch, 2)
    assert branch.sent().repeats == 0


def test_a_database_server_that_takes_no_changes_just_now(
    found: Callable[..., Branch], nursery: Nursery, postgres_url: str
) -> None:
    branch = found(store=postgres_url)
    branch.put(question(0))
    assert branch.run(nursery).status == 0
    branch.put(question(1))
    _read_only(postgres_url, "on")
    before = branch.state()
    expect_clear_words(branch.run(nursery))
    assert branch.state() == before
    _read_only(postgres_url, "off")
    assert branch.run(nursery).status == 0
    expect_all(branch, 2)
    assert branch.sent().repeats == 0


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


def _read_only(url: str, value: str) -> None:
    engine = create_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = {value}"))
    engine.dispose()
