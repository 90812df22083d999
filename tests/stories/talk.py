"""A conversation with the real worker, mail by mail: who writes what comes in, the letters that leave come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from mailbot.classify import Guess, Prediction, Question
from mailbot.settings import Settings
from mailbot.worker import Worker
from tests.stories.books import Books
from tests.stories.letters import parsed
from tests.stories.player import ENVIRON, settings_for
from tests.stories.posts import Post

MORNING = datetime(2027, 2, 2, 16, 0, tzinfo=UTC)
PATRON = "Agnes Dow <agnes.dow@example.com>"
LUIS = "Luis Carrera <luis.carrera@riverbend.example>"
MARA = "Mara Lind <mara.lind@riverbend.example>"


@dataclass(frozen=True, slots=True)
class Sure:
    """A classifier that is sure of one department, whatever it is asked."""

    department: str = "circulation"

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """One prediction a question."""
        return [Prediction(self.department, 0.97, sure=True, runners_up=(Guess("digital", 0.02),)) for _ in questions]


@dataclass(slots=True)
class Talk:
    """One mailbox, its worker, and all that has left so far."""

    post: Post
    settings: Settings
    worker: Worker
    now: datetime = MORNING
    _count: int = 0
    _seen: int = 0
    problems: list[str] = field(default_factory=list)

    def write(self, sender: str, text: str, *headers: str, answers: EmailMessage | None = None, **also: str) -> None:
        """A mail arrives. ``answers`` is the letter it replies to; ``also`` may give ``to`` and ``subject``."""
        self._count += 1
        about = f"Re: {answers['Subject']}" if answers else "My hold"
        lines = [
            *headers,
            f"From: {sender}",
            f"To: {also.get('to', 'ask@riverbend.example')}",
            f"Subject: {also.get('subject', about)}",
            f"Message-ID: {also.get('name', f'<talk{self._count}@example.com>')}",
            "MIME-Version: 1.0",
            *([] if any("Content-Type" in one for one in headers) else ["Content-Type: text/plain; charset=utf-8"]),
            *([f"In-Reply-To: {answers['Message-ID']}", f"References: {answers['Message-ID']}"] if answers else []),
        ]
        self.post.arrives("\r\n".join([*lines, "", text, ""]).encode())

    def left(self, *, hours: float = 0) -> list[EmailMessage]:
        """Lets the worker run, so many hours later; the letters that left by it."""
        self.now += timedelta(hours=hours, minutes=1)
        self.problems += self.worker.run_once().problems
        received = self.post.left()
        new, self._seen = received[self._seen :], len(received)
        return [parsed(one) for one in new]

    def asked(self) -> EmailMessage:
        """A patron asks; the forward to Circulation."""
        self.write(PATRON, "Where is the book I put on hold last week? The shelf is empty.")
        return only(self.left(), "forward")


@contextmanager
def talking(post: Post, folder: Path, **changes: object) -> Iterator[tuple[Talk, Books]]:
    """A conversation on this post; ``changes`` are settings to replace."""
    settings = replace(settings_for(post, folder), **changes)  # type: ignore[arg-type]
    books = Books(settings.store.url)
    talk: list[Talk] = []
    try:
        with Worker.open(
            settings, classifier=Sure(), environ=ENVIRON, clock=lambda: talk[0].now if talk else MORNING
        ) as worker:
            talk.append(Talk(post, settings, worker))
            yield talk[0], books
            assert talk[0].problems == []
    finally:
        books.close()


def only(letters: Sequence[EmailMessage], kind: str) -> EmailMessage:
    """The one letter of that kind."""
    found = [one for one in letters if one["X-Mailbot-Letter"] == kind]
    assert len(found) == 1, [(one["X-Mailbot-Letter"], one["To"]) for one in letters]
    return found[0]


def sent(letters: Sequence[EmailMessage]) -> list[tuple[str, str]]:
    """What left: kind and reader, sorted."""
    return sorted((one["X-Mailbot-Letter"], str(one["To"]).rpartition("<")[2].rstrip(">")) for one in letters)
