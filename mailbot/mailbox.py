"""The IMAP edge: one shared mailbox, read and filed by UID (RFC 9051, 2177, 4315, 6851).

Owns which folder is open, what was seen there, and folder names as the server wants them; the line is ``imap``'s. Knows
nothing of what a message means, nor of SMTP or the database; when to try again is the worker's to decide.
"""

from __future__ import annotations

import imaplib
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from imapclient import DELETED, IMAPClient
from imapclient.exceptions import IMAPClientError

from mailbot.accounts import Server
from mailbot.errors import Refused, Unreachable
from mailbot.imap import connect, explained, hang_up, has_word, is_alive, log_out, mentions, name_of

_NAME_ONLY = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
_EMPTY = {b"\\Noselect", b"\\NoSelect", b"\\NonExistent"}  # a name between others, no folder to look into
_BATCH = 200  # UIDs a command: some servers take no line above 8 KB
_CROWD = 50_000  # UIDs an answer
_RENEW = 9 * 60.0  # seconds of one IDLE: servers may end it after 30 minutes, routers forget it after 10
_GLANCE = 0.25  # seconds between looks at ``stop`` while waiting for mail
_MISSING = ("[trycreate]", "[nonexistent]", "no such mailbox", "doesn't exist", "does not exist")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it lies in the mailbox. ``internal_date`` (aware) is when the server took it."""

    uid: int
    raw: bytes
    internal_date: datetime


@dataclass(frozen=True, slots=True)
class Lying:
    """A message that lies in a folder, before it is fetched. ``size`` is in bytes, ``internal_date`` aware."""

    uid: int
    internal_date: datetime
    size: int


def reconnect_after(attempt: int) -> float:
    """Seconds to wait before the next try to connect, after so many failures in a row: 1, 2, 4 ... at most 300."""
    return float(min(300, 2 ** min(max(attempt, 1) - 1, 10)))


class Mailbox:
    """A shared mailbox. Folder names are written with ``/``, whatever the server's own separator and prefix are.

    ``secret`` gives the password, or the access token where the server has a ``token_command``; it is asked at
    each login. Every failure is ``Unreachable`` or ``Refused`` and drops the connection; ``open`` makes a new one.
    For one thread at a time.
    """

    def __init__(self, server: Server, secret: Callable[[], str]) -> None:
        self._server = server
        self._secret = secret
        self._client: IMAPClient | None = None
        self._examined = False
        self._capabilities: frozenset[bytes] = frozenset()
        self._validity = 0
        self._seen = 0
        self._crowd = 0
        self._names: _Names | None = None
        self._known: set[str] = set()
        self._idles = True

    @property
    def supports_idle(self) -> bool:
        """Whether ``wait`` hears of new mail at once; known while open."""
        return self._idles and b"IDLE" in self._capabilities

    def open(self) -> int:
        """The UIDVALIDITY of the INBOX, after connecting where there is no live connection."""
        with self._reached() as (client, fresh):
            if fresh or self._examined:
                self._select(client)
        return self._validity

    def examine(self, folder: str) -> int:
        """Open a folder to look and no more, after connecting where there is no live connection; its UIDVALIDITY. Until
        ``open`` is called, all else speaks of this folder, and the server refuses any change (EXAMINE).
        """
        with self._reached() as (client, _), self._explained(f"look into the folder “{folder}”"):
            self._examined = True
            target = self._learn_names(client).theirs(folder)
            if target != "INBOX" and not client.folder_exists(target):
                known = ", ".join(self._listed(client))
                raise Refused(f"{name_of(self._server)}: there is no folder “{folder}”; there are {known}")
            return int(client.select_folder(target, readonly=True)[b"UIDVALIDITY"])

    def lying(self, since: date) -> list[Lying]:
        """What the open folder got on that day or later and is not marked as deleted, by UID; nothing is fetched yet.

        The server counts days as it does, in its own time zone (RFC 9051 section 6.4.4).
        """
        with self._talking("look for mail") as client:
            found: list[Lying] = []
            for batch in _batches(client.search(["UNDELETED", "SINCE", since])):
                known = client.fetch(batch, ["INTERNALDATE", "RFC822.SIZE"])
                found += [
                    Lying(uid, _date(known[uid]), int(known[uid].get(b"RFC822.SIZE", 0))) for uid in sorted(known)
                ]
            return found

    def uids(self) -> list[int]:
        """The UIDs of all messages in the INBOX that are not marked as deleted, new ones too, ascending."""
        with self._talking("look for mail") as client:
            client.noop()  # a server may keep new mail to itself until it is asked something harmless
            found = self._undeleted(client)
            self._seen = max([self._seen, *found])
            return found

    def portions(self, uids: Iterable[int], messages: int, octets: int) -> list[list[int]]:
        """The UIDs, ascending, in groups to fetch at once: of at most so many messages and, together, bytes.

        A message larger than that is a group of its own; those no longer there are missing.
        """
        with self._talking("look how large the mail is") as client:
            groups: list[list[int]] = []
            room = 0
            for batch in _batches(uids):
                sizes = client.fetch(batch, ["RFC822.SIZE"])
                for uid in sorted(sizes):
                    size = int(sizes[uid].get(b"RFC822.SIZE", 0))
                    if not groups or len(groups[-1]) >= messages or size > room:
                        groups.append([])
                        room = octets
                    groups[-1].append(uid)
                    room -= size
            return groups

    def fetch(self, uids: Iterable[int], limit: int | None = None) -> list[Arrival]:
        """The messages in ascending order, unread and unchanged; those no longer there are missing.

        With ``limit``, no more than so many bytes of each. Where the server says no to one of several, that one is
        missing too; asked for alone, it is an error. Some servers hang up instead.
        """
        with self._talking("fetch mail") as client:
            arrivals: list[Arrival] = []
            for batch in _batches(uids):
                arrivals += _fetched(client, batch, limit)
            return arrivals

    def move(self, uids: Iterable[int], folder: str) -> None:
        """File messages in a folder, which is made where there is none. UIDs no longer there are passed over."""
        with self._talking(f"file mail in the folder “{folder}”") as client:
            for batch in _batches(uids):
                self._into(client, folder, partial(self._move, client, batch))

    def append(self, folder: str, raw: bytes) -> None:
        """Put a message of our own into a folder, which is made where there is none."""
        with self._talking(f"put a message into the folder “{folder}”") as client:
            self._into(client, folder, lambda target: client.append(target, raw))

    def folders(self) -> list[str]:
        """All folders that can hold messages, as names that ``move`` would take, sorted."""
        with self._talking("list the folders") as client:
            return self._listed(client)

    def arrived_in(self, folder: str, seen: tuple[int, int]) -> tuple[tuple[int, int], list[str]]:
        """The Message-IDs of what has come to a folder since an earlier look, and how far this one went. ``seen`` is
        how far the earlier one did, (0, 0) for the first. Changes nothing there, and reads nothing where nothing came.
        """
        with self._talking(f"look into the folder “{folder}”") as client:
            target = self._learn_names(client).theirs(folder)
            status = client.folder_status(target, ["UIDVALIDITY", "UIDNEXT"])
            reached = int(status[b"UIDVALIDITY"]), int(status[b"UIDNEXT"])
            if reached == seen:
                return seen, []
            first = seen[1] if seen[0] == reached[0] else 1
            client.select_folder(target, readonly=True)
            uids = [uid for uid in client.search(f"UNDELETED UID {max(1, first)}:*") if uid >= first]
            heads = [head for batch in _batches(uids) for head in client.fetch(batch, [_NAME_ONLY]).values()]
            self._back_to_inbox(client)
            return reached, [name for head in heads if (name := _named_in(head))]

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Until mail is in the INBOX that neither ``uids`` nor ``wait`` has shown (True), ``seconds`` are over or
        ``stop`` is set (False). Without IDLE the answer comes at the end of the time.
        """
        until = time.monotonic() + seconds
        with self._talking("wait for mail") as client:
            if self._has_news(client):
                return True
            while self.supports_idle and not stop.is_set() and (left := until - time.monotonic()) > 0:
                if self._idle(client, min(left, _RENEW), stop) and self._has_news(self._live()):
                    return True
        if self.supports_idle or stop.wait(max(0.0, until - time.monotonic())):
            return False
        with self._talking("look for mail") as client:
            return self._has_news(client)

    def close(self) -> None:
        """Log out. Never raises."""
        client, self._client = self._client, None
        if client is not None:
            log_out(client)

    @contextmanager
    def _reached(self) -> Iterator[tuple[IMAPClient, bool]]:
        """A client that is logged in, and whether it is so only now; gone again where something fails."""
        if self._client is not None and not is_alive(self._client):
            self._drop()
        fresh = self._client is None
        try:
            yield self._client or self._connect(), fresh
        except BaseException:
            self._drop()
            raise

    def _connect(self) -> IMAPClient:
        client = self._client = connect(self._server, self._secret)
        with self._explained("log in"):
            self._capabilities = frozenset(client.capabilities())
        self._names = None
        self._known.clear()
        return client

    def _select(self, client: IMAPClient) -> None:
        with self._explained("open the INBOX"):
            selected = client.select_folder("INBOX")
            validity, self._crowd = int(selected.get(b"UIDVALIDITY", 0)), int(selected.get(b"EXISTS", 0))
        if validity != self._validity:
            self._seen = 0
        self._validity = validity
        self._examined = False

    def _back_to_inbox(self, client: IMAPClient) -> None:
        selected = client.select_folder("INBOX")
        if int(selected.get(b"UIDVALIDITY", 0)) != self._validity:
            raise Unreachable(f"{name_of(self._server)}: the INBOX was numbered anew meanwhile; it is looked at again")

    def _has_news(self, client: IMAPClient) -> bool:
        """Whether there is more than was shown; what a server announced between other answers it does not repeat."""
        client.noop()
        found = [uid for uid in client.search(f"UNDELETED UID {self._seen + 1}:*") if uid > self._seen]
        self._seen = max([self._seen, *found])
        return bool(found)

    def _undeleted(self, client: IMAPClient) -> list[int]:
        """By ranges where there are very many: imaplib takes no line above a megabyte."""
        if self._crowd < _CROWD:
            return sorted(client.search("UNDELETED"))
        found: list[int] = []
        for start in range(1, max(client.search("UID *"), default=0) + 1, _CROWD):
            found += client.search(f"UNDELETED UID {start}:{start + _CROWD - 1}")
        return sorted(found)

    def _idle(self, client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
        """One IDLE. The socket is polled: imapclient's own check takes a closed line for silence."""
        try:
            client.idle()
        except IMAPClientError as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            # News may come before the go-ahead; imapclient then loses its place, so the connection is given up.
            self._idles = "b'*" in str(error)
            self._drop()
            return self._idles
        until = time.monotonic() + seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            if has_word(client, min(left, _GLANCE)):
                break
        _, said = client.idle_done()
        return any(isinstance(response, tuple) and b"EXISTS" in response for response in said)

    def _into(self, client: IMAPClient, folder: str, action: Callable[[str], object]) -> None:
        """Do something with a folder; once more after making it, where somebody has removed it meanwhile."""
        target = self._learn_names(client).theirs(folder)
        self._ensure(client, target)
        try:
            action(target)
        except IMAPClientError as error:
            if isinstance(error, imaplib.IMAP4.abort) or not mentions(error, _MISSING):
                raise
            self._known.clear()
            self._ensure(client, target)
            action(target)

    def _ensure(self, client: IMAPClient, target: str) -> None:
        if target == "INBOX" or target in self._known:
            return
        self._known = {name for _, _, name in client.list_folders()}
        for level in self._learn_names(client).levels(target):
            if level not in self._known:
                _create(client, level, needed=level == target)
                self._known.add(level)

    def _listed(self, client: IMAPClient) -> list[str]:
        names = self._learn_names(client)
        return sorted(names.ours(name) for flags, _, name in client.list_folders() if not _EMPTY & set(flags))

    def _learn_names(self, client: IMAPClient) -> _Names:
        if self._names is None:
            prefix, separator = "", "/"
            personal = client.namespace().personal if b"NAMESPACE" in self._capabilities else None
            if personal:
                prefix, separator = personal[0]
            elif listed := client.list_folders("", ""):
                separator = (listed[0][1] or b"").decode("ascii", "replace")
            self._names = _Names(prefix or "", separator or "")
        return self._names

    def _move(self, client: IMAPClient, uids: list[int], target: str) -> None:
        if b"MOVE" in self._capabilities:
            client.move(uids, target)
            return
        client.copy(uids, target)
        client.add_flags(uids, DELETED, silent=True)
        if b"UIDPLUS" in self._capabilities:
            client.uid_expunge(uids)
        elif set(client.search("DELETED")) <= set(uids):
            client.expunge()  # would take with it what others have marked as deleted, hence the condition

    @contextmanager
    def _talking(self, doing: str) -> Iterator[IMAPClient]:
        client = self._live()
        try:
            with self._explained(doing):
                yield client
                # imaplib keeps every unasked-for answer for ever.
                client._imap.untagged_responses.clear()  # noqa: SLF001 - there is no other way to it
        except BaseException:
            self._drop()
            raise

    def _live(self) -> IMAPClient:
        if self._client is None:
            raise Unreachable(f"The connection to {name_of(self._server)} is gone; it has to be opened again")
        return self._client

    def _explained(self, doing: str) -> AbstractContextManager[None]:
        return explained(self._server, doing)

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            hang_up(client)


@dataclass(frozen=True, slots=True)
class _Names:
    """Folder names: ours have ``/`` between levels, theirs a prefix and a separator ("" where they are flat)."""

    prefix: str
    separator: str

    def theirs(self, folder: str) -> str:
        if folder.upper() == "INBOX":
            return "INBOX"
        if any(ord(character) < 32 for character in folder):
            raise Refused(f"The folder name {folder!r} holds a control character; no server takes it")
        name = (self.separator or "-").join(part for part in folder.split("/") if part)
        return self.prefix + self._bare(name)

    def ours(self, folder: str) -> str:
        name = self._bare(folder)
        return name.replace(self.separator, "/") if self.separator else name

    def _bare(self, name: str) -> str:
        """Without the prefix, if it was there. Only INBOX may be written in capitals or not."""
        head = name[: len(self.prefix)]
        same = head == self.prefix or (head.upper() == self.prefix.upper() and head.upper().startswith("INBOX"))
        return name[len(self.prefix) :] if same else name

    def levels(self, target: str) -> list[str]:
        """A folder and those above it, from the top, without the prefix alone."""
        if not self.separator:
            return [target]
        parts = self._bare(target).split(self.separator)
        return [self.prefix + self.separator.join(parts[:count]) for count in range(1, len(parts) + 1)]


def _batches(uids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(set(uids))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _fetched(client: IMAPClient, uids: list[int], limit: int | None) -> list[Arrival]:
    part, key = ("BODY.PEEK[]", b"BODY[]") if limit is None else (f"BODY.PEEK[]<0.{limit}>", b"BODY[]<0>")
    try:
        found = client.fetch(uids, [part, "INTERNALDATE"])
    except IMAPClientError as error:
        if isinstance(error, imaplib.IMAP4.abort) or len(uids) == 1:
            raise
        return [arrival for uid in uids for arrival in _fetched_if_possible(client, uid, limit)]
    return [_arrival(uid, found[uid], key) for uid in uids if key in found.get(uid, {})]


def _named_in(head: dict[bytes, Any]) -> str:
    """The Message-ID of a fetched header, with its angle brackets, or ""."""
    octets = next((value for key, value in head.items() if key.startswith(b"BODY[")), b"") or b""
    found = re.search(rb"<[^<>\s]{1,990}>", octets)
    return found[0].decode("utf-8", "replace") if found else ""


def _fetched_if_possible(client: IMAPClient, uid: int, limit: int | None) -> list[Arrival]:
    try:
        return _fetched(client, [uid], limit)
    except IMAPClientError as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        return []


def _arrival(uid: int, found: dict[bytes, Any], key: bytes) -> Arrival:
    return Arrival(uid, found[key] or b"", _date(found))


def _date(found: dict[bytes, Any]) -> datetime:
    known = found.get(b"INTERNALDATE")
    return known if isinstance(known, datetime) and known.tzinfo else datetime.fromtimestamp(0, UTC)


def _create(client: IMAPClient, folder: str, *, needed: bool) -> None:
    """Make and subscribe a folder. Servers may have their own mind about levels above it and about subscribing."""
    try:
        client.create_folder(folder)
    except IMAPClientError as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        if needed and not client.folder_exists(folder):
            raise
    try:
        client.subscribe_folder(folder)
    except IMAPClientError as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
