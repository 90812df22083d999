"""Where a story's mail arrives and leaves: real servers, or the embedded ones of the demo."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient

from mailbot.accounts import Server
from mailbot.demo.world import MailWorld
from mailbot.settings import Folders
from tests.servers import Dovecot, Postfix, Received, SmtpSink

FOLDERS = Folders()
PASSWORD = "secret"


class Post(Protocol):
    """One mailbox's two servers, and what the world sees of them."""

    @property
    def imap(self) -> Server:
        """Where the mailbox is read."""

    @property
    def smtp(self) -> Server:
        """Where letters are handed in."""

    def arrives(self, raw: bytes) -> None:
        """A mail is delivered into the inbox."""

    def left(self) -> list[Received]:
        """Every mail that has left since the beginning, in order, once none is under way any more."""

    def folders(self) -> Mapping[str, int]:
        """How many messages lie in each folder."""

    def tidy(self, folder: str, into: str) -> None:
        """Somebody moves everything in one folder into another, which is made where there is none."""


class RealPost:
    """A private Dovecot and a private Postfix, which delivers to ``sink`` what leaves."""

    def __init__(self, dovecot: Dovecot, postfix: Postfix, sink: SmtpSink) -> None:
        self._dovecot = dovecot
        self._postfix = postfix
        self._sink = sink
        self._user = dovecot.new_user()

    @property
    def imap(self) -> Server:
        return self._dovecot.server(self._user)

    @property
    def smtp(self) -> Server:
        return self._postfix.server(self._user)

    def arrives(self, raw: bytes) -> None:
        self._dovecot.put(self._user, raw)

    def left(self) -> list[Received]:
        deadline = time.monotonic() + 30
        while queued := _queued(self._postfix.folder / "queue"):
            assert time.monotonic() < deadline, f"Postfix still holds {queued} letters"
            time.sleep(0.02)
        return list(self._sink.received)

    def tidy(self, folder: str, into: str) -> None:
        with self._dovecot.login(self._user) as client:
            _tidy(client, folder, into)

    def folders(self) -> Mapping[str, int]:
        counted: dict[str, int] = {}
        with self._dovecot.login(self._user) as client:
            for _, _, name in client.list_folders():
                counted[name] = client.folder_status(name, ["MESSAGES"])[b"MESSAGES"]
        return counted


class EmbeddedPost:
    """The servers that the demo brings along, in this very process."""

    def __init__(self, world: MailWorld) -> None:
        self._world = world

    @property
    def imap(self) -> Server:
        return Server("127.0.0.1", self._world.imap_port, "none", user="ask", password_env="ASK_PASSWORD")

    @property
    def smtp(self) -> Server:
        return Server("127.0.0.1", self._world.smtp_port, "none")

    def arrives(self, raw: bytes) -> None:
        self._world.deliver("ask", raw)

    def left(self) -> list[Received]:
        return [Received(sent.sender, sent.recipients, sent.data, 0) for sent in self._world.sent]

    def tidy(self, folder: str, into: str) -> None:
        with IMAPClient("127.0.0.1", self._world.imap_port, ssl=False) as client:
            client.login("ask", PASSWORD)
            _tidy(client, folder, into)

    def folders(self) -> Mapping[str, int]:
        names = ("INBOX", FOLDERS.routed, FOLDERS.held, FOLDERS.unanswered, FOLDERS.failed)
        return {name: len(self._world.letters("ask", name)) for name in names}


def _tidy(client: IMAPClient, folder: str, into: str) -> None:
    if not client.folder_exists(into):
        client.create_folder(into)
    client.select_folder(folder)
    client.move(client.search("ALL"), into)


def _queued(queue: Path) -> int:
    """How many letters Postfix has taken and not handed on yet."""
    return sum(
        path.is_file() for name in ("maildrop", "incoming", "active", "deferred") for path in (queue / name).rglob("*")
    )
