"""An SMTP server that keeps what it gets and can be told to be difficult (aiosmtpd, inside the test process)."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mailbot.accounts import Server
from tests.servers.certificates import Authority
from tests.servers.loop import LoopThread

DROP = "DROP"
HANG = "HANG"


@dataclass(frozen=True, slots=True)
class Received:
    """One mail taken: ``sender`` is the envelope's ("" for the null path), ``connection`` counts from 1."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    connection: int


@dataclass(slots=True)
class _Rule:
    stage: str
    reply: str
    only: str
    times: int | None


class SmtpSink:
    """Up on ``port`` after ``start()``; ``received`` grows. With ``authority`` it has STARTTLS, with ``user`` it
    asks for a login (password ``secret``). ``hidden`` are extensions it does not announce.

    ``tempfail@...`` is always answered 451 and ``permfail@...`` 550.
    """

    password = "secret"

    def __init__(
        self, authority: Authority | None = None, *, user: str = "", hidden: tuple[str, ...] = (), port: int = 0
    ) -> None:
        self.authority = authority
        self.user = user
        self.hidden = hidden
        self.port = port
        self.received: list[Received] = []
        self.connections = 0
        self._rules: list[_Rule] = []
        self._thread: LoopThread | None = None
        self._server: asyncio.Server | None = None
        self._sessions: set[_Session] = set()

    def start(self) -> Self:
        """Listen; a later start takes the same port again."""
        if self._thread is None:
            self._thread = LoopThread()
            self._thread.call(self._listen())
        return self

    def stop(self) -> None:
        """Drop every connection and listen no more; what was received stays."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.call(self._hang_up())
            thread.close()

    def reset(self) -> None:
        """Forget what came and every rule."""
        self.received.clear()
        self._rules.clear()
        self.connections = 0

    def answer(self, stage: str, reply: str, *, only: str = "", times: int | None = None) -> None:
        """From now on (or so many times) answer ``reply`` at a stage; DROP cuts the line, HANG says nothing.

        Stages: CONNECT, MAIL, RCPT, DATA (after the content, nothing kept), KEPT (the content is kept, and then).
        ``only``: where the address at that stage (MAIL: sender; else: recipients) contains this.
        """
        self._rules.append(_Rule(stage, reply, only, times))

    def wait(self, count: int, seconds: float = 20) -> list[Received]:
        """What was received, once it is so many. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while len(self.received) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.received)} of {count} mails came")
            time.sleep(0.01)
        return list(self.received)

    def server(self, **changes: Any) -> Server:
        """The settings a library would write for this server."""
        values: dict[str, Any] = {
            "host": "localhost",
            "port": self.port,
            "security": "starttls" if self.authority else "none",
            "user": self.user,
            "ca_file": self.authority.ca_file if self.authority else None,
            "timeout": 10.0,
        }
        return Server(**{**values, **changes})

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        assert self._server is not None
        self._server.close()
        for session in list(self._sessions):
            session.cut()

    def _session(self) -> SMTP:
        self.connections += 1
        return _Session(self, self.connections)

    def rule(self, stage: str, about: str) -> str:
        """The reply somebody asked for at this stage, or "" for the usual one."""
        for rule in self._rules:
            if rule.stage == stage and rule.only in about and rule.times != 0:
                if rule.times is not None:
                    rule.times -= 1
                return rule.reply
        return ""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Session(SMTP):
    """One connection. aiosmtpd calls the ``handle_`` methods of its handler, which is this object itself."""

    def __init__(self, sink: SmtpSink, number: int) -> None:
        self.sink = sink
        self.number = number
        tls = None
        if sink.authority is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(sink.authority.certificate, sink.authority.key)
        super().__init__(
            self,
            enable_SMTPUTF8="SMTPUTF8" not in sink.hidden,
            data_size_limit=60_000_000,
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=self._check if sink.user else None,
            auth_required=bool(sink.user),
            auth_require_tls=tls is not None,
            ident="sink",
            loop=asyncio.get_running_loop(),
        )

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if isinstance(data, LoginPassword):
            good = (data.login, data.password) == (self.sink.user.encode(), self.sink.password.encode())
            return AuthResult(success=good, handled=good)
        return AuthResult(success=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.sink._sessions.add(self)
        reply = self.sink.rule("CONNECT", "")
        if not reply:
            super().connection_made(transport)
            return
        self.transport = transport
        if reply != HANG:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(b"" if reply == DROP else reply.encode() + b"\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.sink._sessions.discard(self)
        if self._handler_coroutine is not None:
            super().connection_lost(error)

    def cut(self) -> None:
        """Hang up without a word."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def _say(self, stage: str, about: str) -> str:
        reply = self.sink.rule(stage, about)
        if reply == HANG:
            await asyncio.sleep(3600)
        if reply == DROP:
            self.cut()
            raise ConnectionResetError
        if reply.startswith("421"):
            asyncio.get_running_loop().call_later(0.05, self.cut)
        return reply

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        kept = [line for line in responses if line[4:].split(" ")[0] not in self.sink.hidden]
        return [line[:3] + ("-" if line is not kept[-1] else " ") + line[4:] for line in kept]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._say("MAIL", address or "<>")
        if not reply:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._say("RCPT", address)
        if address.startswith("tempfail@"):
            reply = "451 4.3.0 Try later"
        if address.startswith("permfail@"):
            reply = "550 5.1.1 No such user"
        if not reply:
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        about = " ".join(envelope.rcpt_tos)
        reply = await self._say("DATA", about)
        if reply:
            return reply
        content = envelope.content
        assert isinstance(content, bytes)
        sender = "" if envelope.mail_from in (None, "<>") else envelope.mail_from
        received = Received(sender or "", tuple(envelope.rcpt_tos), content, self.number)
        self.sink.received.append(received)
        return await self._say("KEPT", about) or f"250 2.0.0 OK: queued as {len(self.sink.received)}"
