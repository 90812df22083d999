"""A library with real servers and a configuration on disk, for commands that run as processes of their own."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, create_engine, select, update
from sqlalchemy.exc import DBAPIError

from mailbot.accounts import Server
from mailbot.settings import Settings, load
from mailbot.store.tables import letters, messages
from tests.faults.nursery import Command, Ended, Nursery
from tests.servers import Dovecot, SmtpSink
from tests.stories.books import Booked, Books
from tests.stories.letters import parsed
from tests.stories.player import CONFIG

FOLDERS = ("mailbot/Routed", "mailbot/Held", "mailbot/Unanswered", "mailbot/Failed")
ENVIRON = {"ASK_PASSWORD": "secret"}


def question(
    number: int | str, subject: str = "", text: str = "Do you have photographs of Main Street in the flood of 1951?"
) -> bytes:
    """A patron's mail; each number is another patron."""
    lines = [
        f"From: Patron {number} <patron{number}@patron.example>",
        "To: ask@riverbend.example",
        f"Subject: {subject or f'Old photographs {number}'}",
        "Date: Tue, 02 Feb 2027 10:00:00 -0600",
        f"Message-ID: <question.{number}@patron.example>",
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Sent:
    """What has left: for each letter (what it answers, its kind, whom it went to) its Message-IDs, as often as sent."""

    letters: Mapping[tuple[str, str, str], tuple[str, ...]]

    @property
    def twice(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """Letters that were said again in other words: under more than one Message-ID."""
        return {letter: ids for letter, ids in self.letters.items() if len(set(ids)) > 1}

    @property
    def repeats(self) -> int:
        """How many arrived again under the Message-ID they had before."""
        return sum(len(ids) - len(set(ids)) for ids in self.letters.values())

    def of(self, cause: str) -> list[tuple[str, str]]:
        """The letters that one mail caused: kind and recipient, in order of the kinds."""
        return sorted((kind, to) for which, kind, to in self.letters if which == cause)


@dataclass(frozen=True, slots=True)
class State:
    """All that can be seen from outside: the mail that left, the folders, the records, the letters not sent."""

    sent: int
    folders: Mapping[str, int]
    booked: Sequence[Booked]
    unsent: Sequence[str]


class Branch:
    """One mailbox of the sample library on real servers. ``smtp`` and ``imap`` stand in for the servers' own ports;
    ``beside`` names a second mailbox, whose password is in ``OTHER_PASSWORD``; ``more`` is further configuration.
    """

    def __init__(
        self,
        folder: Path,
        dovecot: Dovecot,
        sink: SmtpSink,
        *,
        smtp: int = 0,
        imap: int = 0,
        store: str = "",
        more: str = "",
        beside: str = "",
    ) -> None:
        self.dovecot = dovecot
        self.sink = sink
        self.user = dovecot.new_user()
        self.config = folder / "config"
        self.store = store or f"sqlite:///{folder / 'var' / 'mailbot.db'}"
        self._ports = (imap or dovecot.imaps_port, smtp or sink.port)
        self._more = more
        self._beside = beside
        self._write()

    def put(self, *raws: bytes) -> None:
        """Mail arrives in the inbox."""
        self.dovecot.put(self.user, *raws)

    def run(
        self, nursery: Nursery, *args: str, environ: Mapping[str, str] = ENVIRON, files: int | None = None
    ) -> Ended:
        """`mailbot run --once`, to its end."""
        return self.start(nursery, "run", "--once", *args, environ=environ, files=files).end()

    def start(
        self, nursery: Nursery, *args: str, environ: Mapping[str, str] = ENVIRON, files: int | None = None
    ) -> Command:
        """Any command with this configuration."""
        return nursery.start(*args, "--config", str(self.config), environ={**ENVIRON, **environ}, files=files)

    def settings(self) -> Settings:
        """The same configuration, for a worker in the test's own process."""
        return load(self.config, ENVIRON)

    def sent(self) -> Sent:
        """What has left so far."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for one in list(self.sink.received):
            letter = parsed(one)
            what = (letter["In-Reply-To"] or "", letter["X-Mailbot-Letter"], one.recipients[0])
            found.setdefault(what, []).append(letter["Message-ID"])
        return Sent({what: tuple(ids) for what, ids in found.items()})

    def every_letter(self) -> list[tuple[str, str]]:
        """Kind and recipient of all that has left, whatever caused it."""
        return sorted((kind, to) for _, kind, to in self.sent().letters)

    def unsent_names(self) -> set[str]:
        """The Message-IDs of letters that wait in the outbox."""
        with self._books() as connection:
            return set(connection.execute(select(letters.c.message_id).where(letters.c.state == "waiting")).scalars())

    def later(self, nursery: Nursery) -> Ended:
        """`mailbot run --once` when every letter that was put off is due again."""
        with self._books() as connection:
            connection.execute(update(letters).values(due_at=letters.c.written_at))
        return self.run(nursery)

    def state(self) -> State:
        """How everything stands; two of them are equal where nothing has happened in between."""
        books = Books(self.store)
        booked, unsent = books.booked(), books.letters_unsent()
        books.close()
        folders = {name: len(self.dovecot.messages(self.user, name)) for name in ("INBOX", *FOLDERS)}
        return State(len(self.sink.received), folders, booked, unsent)

    def standings(self) -> dict[str, str | None]:
        """Every mail on record by its Message-ID, and what was decided on it; none while there are no tables."""
        try:
            with self._books() as connection:
                rows = connection.execute(select(messages.c.message_id, messages.c.standing)).all()
        except DBAPIError:
            return {}
        return {row.message_id: row.standing for row in rows}

    def where(self) -> Counter[str]:
        """How many messages stand where."""
        return Counter(one.standing or "waiting" for one in self.state().booked)

    def mail(self) -> list[bytes]:
        """Every message in every folder, sorted."""
        return sorted(raw for name in ("INBOX", *FOLDERS) for raw in self.dovecot.messages(self.user, name))

    @contextmanager
    def _books(self) -> Iterator[Connection]:
        engine = create_engine(self.store)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def _write(self) -> None:
        self.config.mkdir(parents=True)
        shutil.copy(CONFIG / "departments.toml", self.config)
        imap = replace(self.dovecot.server(self.user), port=self._ports[0])
        smtp = replace(self.sink.server(), port=self._ports[1], timeout=2.0)
        text = (CONFIG / "mailbot.toml").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^imap = .*$", f"imap = {_table(imap, 'ASK_PASSWORD')}", text)
        text = re.sub(r"(?m)^smtp = .*$", f"smtp = {_table(smtp)}", text)
        text = re.sub(r"(?m)^url = .*$", f'url = "{self.store}"', text)
        if self._beside:
            text = text.replace("[[mailboxes]]", f"{self._other(imap, smtp)}\n[[mailboxes]]")
        (self.config / "mailbot.toml").write_text(f"{text}\n{self._more}", encoding="utf-8")

    def _other(self, imap: Server, smtp: Server) -> str:
        """Another mailbox, which comes first, on the same servers."""
        tables = f"imap = {_table(imap, 'OTHER_PASSWORD')}\nsmtp = {_table(smtp)}\n"
        return f'[[mailboxes]]\nname = "{self._beside}"\naddress = "{self._beside}@riverbend.example"\n{tables}'


def _table(server: Server, password: str = "") -> str:
    keys = [f'host = "{server.host}"', f"port = {server.port}", f'security = "{server.security}"']
    keys += [f'user = "{server.user}"', f'password_env = "{password}"'] if password else []
    keys += [f'ca_file = "{server.ca_file}"'] if server.security != "none" and server.ca_file else []
    return "{ " + ", ".join([*keys, f"timeout = {server.timeout:g}"]) + " }"
