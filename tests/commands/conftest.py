"""A library whose past is on record, for the commands that look at it or change it by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.asking import NoGuess
from mailbot.cli import app
from mailbot.errors import MailbotError
from mailbot.store import Session, Store
from mailbot.worker import Worker
from tests.faults.branch import ENVIRON, Branch
from tests.servers import Dovecot, SmtpSink
from tests.stories.player import CONFIG, Assuming
from tests.stories.story import Assumed

MONDAY = datetime(2027, 3, 8, 16, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """A branch, and somebody who runs it."""

    branch: Branch

    def run(self, *raws: bytes, guess: str | None = "circulation", at: datetime = MONDAY) -> None:
        """These arrive, and the worker does its round; each is surely a question for ``guess``."""
        self.branch.put(*raws)
        assumed = Assuming(NoGuess(), Assumed(guess, sure=True, runners_up=("digital",)) if guess else None)
        with Worker.open(self.branch.settings(), classifier=assumed, environ=ENVIRON, clock=lambda: at) as worker:
            assert worker.run_once().problems == ()

    def says(self, *words: str) -> str:
        """What a command prints."""
        ran = CliRunner().invoke(app, [*words, "--config", str(self.branch.config)], env=dict(ENVIRON))
        assert ran.exit_code == 0, (ran.output, ran.exception)
        return ran.output

    def refuses(self, *words: str) -> str:
        """The one line in which a command says what is wrong."""
        ran = CliRunner().invoke(app, [*words, "--config", str(self.branch.config)], env=dict(ENVIRON))
        assert isinstance(ran.exception, MailbotError), (ran.output, ran.exception)
        assert "\n" not in str(ran.exception)
        return str(ran.exception)

    @contextmanager
    def store(self) -> Iterator[Session]:
        """What is on record, to look at."""
        store = Store.open(self.branch.store)
        with store.reading() as session:
            yield session
        store.close()

    def refs(self) -> list[str]:
        """The references of all cases, newest first."""
        return [line.split()[0] for line in self.says("cases", "list").splitlines() if "@" in line]


def mailbot(*words: str) -> str:
    """What a command prints, typed in the working directory."""
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, (ran.output, ran.exception)
    return ran.output


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the sample library's configuration, and nothing else."""
    shutil.copytree(CONFIG, tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def library(home: Path, models: Path) -> Path:
    """The same with an empty store, and the starter collection's model at hand."""
    (home / "models").mkdir()
    for topics in models.glob("topics-*"):
        shutil.copytree(topics, home / "models" / topics.name)
    return home


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A branch on SQLite."""
    monkeypatch.chdir(tmp_path)
    return Desk(Branch(tmp_path / "branch", dovecot, sink))
