"""A mailbox with a past: real Dovecot, mails that came weeks ago, and folders besides the inbox."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.asking import NoGuess
from mailbot.classify import Classifier, load_or_fit
from mailbot.rehearsal import Archive, Past, Played, played
from mailbot.settings import load
from mailbot.writing import Writer
from tests.faults.branch import ENVIRON, Branch
from tests.servers import Dovecot, SmtpSink
from tests.stories.player import CONFIG, Assuming
from tests.stories.story import Assumed

MONDAY = datetime(2024, 3, 11, 16, tzinfo=UTC)  # the server takes no mail of days to come
SURE = Assuming(NoGuess(), Assumed("circulation", sure=True, runners_up=("digital",)))
UNSURE = Assuming(NoGuess(), Assumed("digital", sure=False, runners_up=("circulation",)))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A branch whose mailbox has a past, which ends on ``MONDAY``."""

    branch: Branch

    def lay(self, raw: bytes, at: datetime, folder: str = "INBOX") -> None:
        """A mail that came then lies in a folder."""
        with self.branch.dovecot.login(self.branch.user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.append(folder, raw, msg_time=at)

    def archive(self, *folders: str, weeks: int = 4) -> Archive:
        """What a rehearsal on that Monday reads."""
        since = MONDAY - timedelta(weeks=weeks)
        return Archive(self.branch.settings().mailboxes, folders or ("INBOX",), since, ENVIRON)

    def play(self, past: Iterable[Past], classifier: Classifier = SURE) -> list[Played]:
        """What would have become of it."""
        settings = self.branch.settings()
        return list(played(past, settings, classifier, Writer(settings.folder / "templates")))

    def everything(self) -> Sequence[object]:
        """All that can be seen of the mailbox without touching it: folders, UIDs, flags, times, bytes."""
        found: list[object] = []
        with self.branch.dovecot.login(self.branch.user) as client:
            for _, _, name in sorted(client.list_folders(), key=lambda one: str(one[2])):
                about = client.select_folder(name, readonly=True)
                there = (
                    client.fetch(client.search(), ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"]) if about[b"EXISTS"] else {}
                )
                found.append((name, about[b"UIDVALIDITY"], sorted((uid, repr(one)) for uid, one in there.items())))
        return found


def ago(days: float) -> datetime:
    """A moment before that Monday."""
    return MONDAY - timedelta(days=days)


@pytest.fixture
def shelf(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A branch on SQLite, with nothing in its mailbox, in a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return Shelf(Branch(tmp_path / "branch", dovecot, sink))


@pytest.fixture
def model(models: Path, tmp_path: Path) -> None:
    """The working directory has the model that serves the sample library."""
    settings = load(CONFIG, ENVIRON)
    departments, routing = settings.library.departments, settings.routing
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        load_or_fit(departments, folder=models, precision=routing.precision, start=routing.start)
    (tmp_path / "models").symlink_to(models)
