"""One nursery for all tests of a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.branch import Branch
from tests.faults.nursery import Nursery
from tests.servers import Dovecot, SmtpSink


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Runs `mailbot` commands as processes."""
    with Nursery(tmp_path_factory.mktemp("nursery")) as made:
        yield made


@pytest.fixture
def found(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Callable[..., Branch]:
    """Founds a branch with a mailbox of its own."""

    def make(**changes: Any) -> Branch:
        return Branch(tmp_path / "branch", **{"dovecot": dovecot, "sink": sink, **changes})

    return make


@pytest.fixture
def branch(found: Callable[..., Branch]) -> Branch:
    """A branch with nothing special about it."""
    return found()
