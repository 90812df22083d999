"""A mail world on loopback: an IMAP server (pymap, in memory) and an SMTP server (aiosmtpd) that delivers into it.

Owns both servers and everything that lies in their mailboxes, in a thread of its own. Knows nothing of mailbot: to the
worker it is a mail server like any other, without encryption and without a login for sending, hence loopback only.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag, Recent, Wildcard, get_system_flags
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

T = TypeVar("T")

_LARGEST = 60_000_000


class Sent(NamedTuple):
    """One mail handed in by SMTP. ``sender`` is the envelope's, "" for the null path."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


class MailWorld:
    """``users`` are names and passwords; ``sent`` is all mail that was handed in, in order.

    Mail to an address goes to the user of that name, or of its local part; for any other address a mailbox of
    that name is made, with the password ``demo``. Mail stays through ``stop`` and ``start``, which keep the ports,
    and is gone after ``close``. A mailbox keeps its UIDVALIDITY as long as its mail; a new world has new ones,
    as it must where UIDs begin anew (RFC 9051 section 2.3.1.1).
    """

    def __init__(self, users: Mapping[str, str], *, imap_port: int = 0, smtp_port: int = 0) -> None:
        self.sent: list[Sent] = []
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self._config = _Config(_arguments(), demo_data=False, demo_user="", demo_password="", **_settings())
        self._login = Login(self._config)
        self._passwords = Passwords(self._config)
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[object]] = set()
        self._lines: set[asyncio.BaseTransport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail world", daemon=True)
        self._thread.start()
        for user, password in users.items():
            self._call(self._add(user, password))

    def start(self) -> Self:
        """Listen. Raises OSError where a port that was asked for is taken."""
        if not self._servers:
            self._call(self._listen())
        return self

    def stop(self) -> None:
        """Hang up on everybody and listen no more."""
        self._call(self._hang_up())

    def close(self) -> None:
        """Stop for good."""
        if self._loop.is_closed():
            return
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> int:
        """A message appears in a mailbox, byte for byte; its UID."""
        return self._call(self._deliver(user, raw, folder))

    def letters(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What lies in a folder, oldest first; nothing where there is no such folder."""
        return self._call(self._letters(user, folder))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _add(self, user: str, password: str) -> None:
        """The mailboxes are laid in pymap's cache, which would else fill itself with its own kind."""
        known = await self._passwords.hash_password(password)
        await Identity(user, self._login, None, frozenset()).set(UserMetadata(self._config, user, password=known))
        self._config.set_cache[user] = (_Mailboxes(), FilterSet())

    async def _listen(self) -> None:
        imap, smtp = _listener(self.imap_port), _listener(self.smtp_port)
        self.imap_port, self.smtp_port = imap.getsockname()[1], smtp.getsockname()[1]
        session = IMAPServer(self._login, self._config)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a coroutine that runs has a task
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self.connected(writer.transport)
            try:
                await session(reader, writer, SocketInfo.get(writer, None))
            except ConnectionError:
                return
            finally:
                self.disconnected(writer.transport)

        self._servers = [
            await asyncio.start_server(serve, sock=imap, limit=_LARGEST),
            await self._loop.create_server(lambda: _Postman(self), sock=smtp),
        ]

    async def _hang_up(self) -> None:
        for server in self._servers:
            server.close()
        self._servers = []
        for line in self._lines:
            if isinstance(line, asyncio.WriteTransport):
                line.abort()
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=2)
            for task in left:
                task.cancel()
        await asyncio.sleep(0)

    async def _folder(self, user: str, folder: str) -> MailboxData:
        if user not in self._config.set_cache:
            await self._add(user, "demo")
        mailboxes, _ = self._config.set_cache[user]
        try:
            return await mailboxes.get_mailbox(folder)
        except KeyError:
            await mailboxes.add_mailbox(folder)
            return await mailboxes.get_mailbox(folder)

    async def _deliver(self, user: str, raw: bytes, folder: str) -> int:
        mailbox = await self._folder(user, folder)
        message = await mailbox.append(AppendMessage(raw, datetime.now(UTC), frozenset()), recent=True)
        return message.uid

    async def _letters(self, user: str, folder: str) -> list[bytes]:
        mailbox = await self._folder(user, folder)
        contents = [message._content async for message in mailbox.messages()]  # noqa: SLF001 - its only holder
        return [bytes(content) for content in contents if content is not None]

    async def received(self, sent: Sent) -> None:
        """A mail handed in by SMTP: on record, and in everybody's mailbox, as delivery agents put it there."""
        self.sent.append(sent)
        for recipient in sent.recipients:
            trace = f"Return-Path: <{sent.sender}>\r\nDelivered-To: {recipient}\r\n".encode()
            await self._deliver(self._user_of(recipient), trace + sent.data, "INBOX")

    def _user_of(self, address: str) -> str:
        name = address.lower()
        local = name.rpartition("@")[0]
        return local if name not in self._config.set_cache and local in self._config.set_cache else name

    def connected(self, line: asyncio.BaseTransport) -> None:
        """A line that has to be cut when the world stops."""
        self._lines.add(line)

    def disconnected(self, line: asyncio.BaseTransport | None) -> None:
        """A line that is gone."""
        if line is not None:
            self._lines.discard(line)


class _Postman(SMTP):
    """One SMTP connection; aiosmtpd calls the ``handle_`` methods of its handler, which is this object itself."""

    def __init__(self, world: MailWorld) -> None:
        self._world = world
        self._line: asyncio.BaseTransport | None = None
        # A name of its own: aiosmtpd would ask the DNS for one, at each connection.
        super().__init__(self, hostname="localhost", ident="mail world", enable_SMTPUTF8=True, data_size_limit=_LARGEST)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = transport
        self._world.connected(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._world.disconnected(self._line)
        super().connection_lost(error)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        await self._world.received(Sent(sender, tuple(envelope.rcpt_tos), raw))
        return "250 2.0.0 OK: delivered"


class _Mailbox(MailboxData):
    """With keywords: pymap's own forgets them without a word."""

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return (get_system_flags() - {Recent}) | {Wildcard}


class _Mailboxes(MailboxSet):
    """A user's folders, all of them with keywords."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Mailbox(self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        async with self._set_lock.write_lock():
            if name in self._set:
                raise ValueError(name)
            self._set[name] = made = _Mailbox(self._content_cache, self._thread_cache)
            return made.mailbox_id


class _Config(Config):
    """With a greeting of its own: pymap would ask the DNS for the machine's name at each connection."""

    @property
    def greeting(self) -> bytes:
        return b"mail world ready"


def _arguments() -> Namespace:
    return Namespace(passlib_cfg=None, proxy_protocol=None)


def _settings() -> dict[str, Any]:
    """Passwords that cost nothing, no look-ups of who connects, no pause after a wrong user."""
    return {
        "host": "127.0.0.1",
        "port": 0,
        "tls_enabled": False,
        "secure_auth": False,
        "hash_context": BuiltinHash(rounds=1),
        "cpu_subsystem": Subsystem.for_asyncio(),
        "invalid_user_sleep": 0.0,
        "reject_dnsbl": False,
        "max_append_len": _LARGEST,
    }


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
