"""Private servers as fixtures: started once a test process, at the first test that asks; see ``tests.servers``.

Where a server is missing the test is skipped with the reason, but under ``CI=true`` it fails: there it was promised.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from mailbot.classify import load_topics
from tests.servers import Authority, Browser, Dovecot, FaultProxy, Postfix, Postgres, ServerMissing, SmtpSink

Made = TypeVar("Made")


def made(make: Callable[[], Made]) -> Made:
    """What was asked for, or a skipped test, or (under CI) a failed one."""
    try:
        return make()
    except ServerMissing as missing:
        if os.environ.get("CI", "").lower() == "true":
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    """Vouches for every server of this test process."""
    one = made(Authority)
    yield one
    one.close()


@pytest.fixture(scope="session")
def dovecot(authority: Authority) -> Iterator[Dovecot]:
    """An IMAP server in which every user exists; leave it running as it was found."""
    server = made(lambda: Dovecot(authority).start())
    yield server
    server.close()


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    """A user with a mailbox that nobody else touches."""
    return dovecot.new_user()


@pytest.fixture(scope="session")
def _session_sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        yield server


@pytest.fixture
def sink(_session_sink: SmtpSink) -> Iterator[SmtpSink]:
    """An SMTP server that keeps what it gets; empty and well-behaved at the start of each test."""
    _session_sink.start()
    _session_sink.reset()
    yield _session_sink
    _session_sink.reset()


@pytest.fixture(scope="session")
def _session_postfix(dovecot: Dovecot, _session_sink: SmtpSink) -> Iterator[Postfix]:
    server = made(lambda: Postfix(dovecot, _session_sink.port).start())
    yield server
    server.close()


@pytest.fixture
def postfix(_session_postfix: Postfix, sink: SmtpSink) -> Postfix:
    """Delivers ``@library.test`` to ``dovecot`` and everything else to ``sink``."""
    return _session_postfix


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    server = made(lambda: Postgres().start())
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """An SQLAlchemy URL of an empty database."""
    return postgres.new_database()


@pytest.fixture
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A real browser, to look at pages."""
    return made(lambda: Browser(tmp_path_factory.mktemp("browser")))


@pytest.fixture
def proxy_to() -> Iterator[Callable[[int], FaultProxy]]:
    """Makes proxies that stand before a port; they end with the test."""
    proxies: list[FaultProxy] = []

    def make(port: int) -> FaultProxy:
        proxies.append(FaultProxy(port).start())
        return proxies[-1]

    yield make
    for proxy in proxies:
        proxy.stop()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder that all test processes of a run share, so that the starter collection is fitted once.

    ``MAILBOT_TEST_MODELS`` names one that outlives the run: the next one fits nothing.
    """
    mine = tmp_path_factory.getbasetemp()
    shared = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "models"
    folder = Path(os.environ.get("MAILBOT_TEST_MODELS") or shared)
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_topics(folder)
    return folder
