"""The SMTP edge: hands letters in at the mailbox's submission server (RFC 5321, 6409, 2920).

Owns the kept connections, the envelope, and the verdict whether a failure is temporary or permanent. Knows nothing of
what a letter says, nor of IMAP or the database; what follows from a failure is for ``retry`` and the worker.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPAuthenticationError, SMTPException, SMTPResponseException

from mailbot.accounts import Server, cure_for_login
from mailbot.errors import DeliveryFailure, MailbotError, Refused, Unreachable
from mailbot.line import trust, why_failed

# To leave a server that is still looking at a letter is to send it twice; RFC 5321 section 4.5.3.2.6 grants it ten
# minutes. So: this many times the usual patience, and a second more for every so many bytes.
_LAST_REPLY = 4
_BYTES_A_SECOND = 50_000
_LONGEST_REPLY = 65_536
_WANTS_LOGIN = (530, 535, 538)
# At MAIL the server has heard of a letter only its sender, size and encoding (RFC 5321 section 4.1.1.2, RFC 3463):
# mailbox full, too big and such content are about the letter. At RCPT a list may bar a sender whom others welcome.
_NOT_FROM_US = re.compile(r"55[0134](?! 5\.[236]\.)|5(?!52)\d\d 5\.(?:1\.[78]|7\.\d)")
_NOT_FROM_US_TO_ANYBODY = re.compile(r"sender address rejected: (?:not owned by|not logged in|domain not found)", re.I)
_LINE_ENDS = re.compile(rb"\r\n|\n|\r")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>]|^[^"]* ')


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter in its envelope. ``sender`` is the envelope sender, "" for the null path; ``data`` the whole mail."""

    letter_id: int
    sender: str
    to: str
    data: bytes


Report = Callable[[Parcel, DeliveryFailure | None], None]


class Delivery:
    """Hands letters in, over up to ``connections`` connections that are kept until ``close``.

    ``secret`` gives the password, or the access token where the server has a ``token_command``; it is asked at each
    login. ``fallback_sender`` stands in for the null path from the moment the server refuses that. A letter with
    8-bit text goes as it is to a server without 8BITMIME, since taking it apart would change what patrons wrote and
    practically every server passes it on. For one thread at a time.
    """

    def __init__(
        self, server: Server, secret: Callable[[], str], *, fallback_sender: str, connections: int = 4
    ) -> None:
        self._server = server
        self._secret = secret
        self._fallback = fallback_sender
        self._most = connections
        self._idle: list[_Connection] = []
        self._null_path = True
        self._runner: asyncio.Runner | None = None

    def deliver(self, parcels: Iterable[Parcel], report: Report) -> None:
        """Hand in every parcel, each taken when there is a hand free, and ``report`` each as it ends.

        Raises Unreachable or Refused where no connection can be had, or none on which the server goes on answering;
        parcels without a report were then not touched.
        """
        if self._runner is None:
            self._runner = asyncio.Runner()
        self._runner.run(self._deliver(_Waiting(parcels), report))

    def log_in(self) -> None:
        """Connect as letters would be, and send none. Raises Unreachable or Refused where no connection can be had."""
        if self._runner is None:
            self._runner = asyncio.Runner()
        self._idle.append(self._runner.run(self._connect()))

    def close(self) -> None:
        """Take leave of the server. Never raises."""
        runner, self._runner = self._runner, None
        if runner is not None:
            with suppress(Exception):
                runner.run(self._leave())
            with suppress(Exception):
                runner.close()

    async def _deliver(self, waiting: _Waiting, report: Report) -> None:
        while True:
            hands = [self._work(waiting, report) for _ in range(self._most)]
            ended = await asyncio.gather(*hands, return_exceptions=True)
            reasons = [reason for reason in ended if reason is not None]
            for reason in reasons:
                if not isinstance(reason, (Unreachable, Refused)):
                    raise reason
            if (left := waiting.take()) is None:
                return
            waiting.give_back(left)
            if not self._idle:
                raise reasons[0]
            # Some hands got no connection, perhaps since the server grants us few; others have done their part.

    async def _work(self, waiting: _Waiting, report: Report) -> Unreachable | Refused | None:
        """One pair of hands: a connection, and parcel after parcel through it. Why it ended early, or None."""
        try:
            while (parcel := waiting.take()) is not None:
                try:
                    failure = await self._hand_in(parcel)
                except (Unreachable, Refused) as reason:
                    waiting.give_back(parcel)
                    return reason
                report(parcel, failure)
                if isinstance(failure, _Silence):
                    return Unreachable(str(failure))
        except BaseException:
            waiting.stop()  # the caller's own failure: let the others finish what they have in hand, and no more
            raise
        return None

    async def _hand_in(self, parcel: Parcel) -> DeliveryFailure | None:
        """None, or why the parcel was not taken. A kept connection that has died is replaced once, unnoticed."""
        if unfit := _unfit(parcel):
            return DeliveryFailure(unfit, permanent=True)
        self._idle = [connection for connection in self._idle if connection.is_open]
        if self._idle:
            with suppress(_Stale):
                return await self._through(self._idle.pop(), parcel)
        connection = await self._connect()
        try:
            return await self._through(connection, parcel)
        except _Stale as stale:
            return self._lost(connection, f"before the letter was sent, {stale}", stale.code)

    async def _through(self, connection: _Connection, parcel: Parcel) -> DeliveryFailure | None:
        try:
            failure = await self._outcome(connection, parcel)
        except BaseException:
            connection.abort()
            raise
        if connection.is_open:
            self._idle.append(connection)
        return failure

    async def _outcome(self, connection: _Connection, parcel: Parcel) -> DeliveryFailure | None:
        try:
            await self._send(connection, parcel)
        except _No as no:
            return self._verdict(no, parcel.sender or self._fallback)
        except _Broken as broken:
            return self._lost(connection, f"after the letter was sent, {broken}")
        return None

    async def _send(self, connection: _Connection, parcel: Parcel) -> None:
        sender = parcel.sender or ("" if self._null_path else self._fallback)
        try:
            await connection.send(sender, parcel.to, parcel.data)
        except _No as no:
            if sender or not no.is_about_the_sender or not connection.is_open:
                raise
            await connection.send(self._fallback, parcel.to, parcel.data)
            self._null_path = False

    def _verdict(self, no: _No, sender: str) -> DeliveryFailure:
        if no.stage == "MAIL" and no.code in _WANTS_LOGIN:
            raise Refused(self._words(f"the server wants a login (“{no}”); set user, and where its password is kept"))
        if no.is_about_us:
            user = f"the user “{self._server.user}”" if self._server.user else "this machine"
            raise Refused(
                self._words(f"the server takes no letter from {sender} (“{no}”); let {user} send as this address there")
            )
        return DeliveryFailure(self._words(f"the server said “{no}”"), permanent=no.permanent, code=no.code)

    def _lost(self, connection: _Connection, what: str, code: int | None = None) -> DeliveryFailure:
        kind = _Silence if connection.fell_silent else DeliveryFailure
        return kind(self._words(what), permanent=False, code=code)

    def _words(self, what: str) -> str:
        return f"{_name(self._server)}: {what}"

    async def _connect(self) -> _Connection:
        server, context = self._server, trust(self._server, _name(self._server))
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=context,
            timeout=server.timeout,
            local_hostname=_own_name(),
        )
        try:
            await client.connect()
            await client.ehlo()
            if server.user:
                await _login(client, server, self._secret())
        except MailbotError:
            _hang_up(client)
            raise
        except (SMTPException, OSError, ValueError) as error:
            _hang_up(client)
            raise _explanation(server, error) from error
        return _Connection(client, server.timeout)

    async def _leave(self) -> None:
        for connection in self._idle:
            await connection.quit()
        self._idle.clear()
        await asyncio.sleep(0)  # what was hung up is closed in the loop's next round


class _Waiting:
    """The parcels still to be taken: those given back first."""

    def __init__(self, parcels: Iterable[Parcel]) -> None:
        self._parcels: Iterator[Parcel] = iter(parcels)
        self._returned: deque[Parcel] = deque()
        self._stopped = False

    def take(self) -> Parcel | None:
        if self._stopped:
            return None
        return self._returned.popleft() if self._returned else next(self._parcels, None)

    def give_back(self, parcel: Parcel) -> None:
        self._returned.append(parcel)

    def stop(self) -> None:
        self._stopped = True


class _Silence(DeliveryFailure):
    """The server does not answer any more; the next letter would wait in vain, too."""


class _Stale(Exception):
    """The line was lost, or the server took leave (421), before the letter's content was sent."""

    def __init__(self, what: str, code: int | None = None) -> None:
        super().__init__(what)
        self.code = code


class _Broken(Exception):
    """The line was lost after the letter's content was sent: it may have been taken, or not."""


class _No(Exception):
    """The server's refusal: at which command, with which code, in its own words."""

    def __init__(self, stage: str, code: int, words: str) -> None:
        super().__init__(f"{code} {words}"[:300])
        self.stage = stage
        self.code = code
        self.words = words

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    @property
    def is_about_the_sender(self) -> bool:
        """Many servers wait with their judgment of the sender until they have heard the recipient."""
        return self.permanent and (self.stage == "MAIL" or (self.stage == "RCPT" and "sender" in self.words.lower()))

    @property
    def is_about_us(self) -> bool:
        """Whether no letter would be taken, whoever it is to: a person has to mend that, and no letter is to blame."""
        if self.stage == "MAIL":
            return _NOT_FROM_US.match(str(self)) is not None
        return self.permanent and self.stage == "RCPT" and _NOT_FROM_US_TO_ANYBODY.search(self.words) is not None


class _Connection(asyncio.Protocol):
    """A connection, logged in, with several commands on their way at once where the server allows it (RFC 2920).

    aiosmtplib connects, encrypts and logs in; from then on its transport is ours, since a reply awaited for each
    command costs a third of all the time a letter takes.
    """

    def __init__(self, client: SMTP, patience: float) -> None:
        self._transport = cast("asyncio.Transport", client.transport)
        self._patience = patience
        self._pipelining = client.supports_extension("pipelining")
        self._eight_bit = client.supports_extension("8bitmime")
        self._utf8 = client.supports_extension("smtputf8")
        self._size = client.supports_extension("size")
        self._buffer = bytearray()
        self._said: list[str] = []
        self._replies: deque[tuple[int, str]] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._lost = ""
        self.fell_silent = False
        self._envelope_open = False
        self._transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return not self._lost and not self._transport.is_closing()

    async def send(self, sender: str, to: str, data: bytes) -> None:
        """One mail. Raises _No, _Stale or _Broken; after a _No the next mail can follow, unless it was a 421."""
        commands = self._envelope(sender, to, data)
        try:
            replies = await self._ask_together(commands) if self._pipelining else await self._ask_singly(commands)
        except OSError as error:
            raise _Stale(str(error)) from error
        refusal = next((no for no in replies if no is not None), None)
        if refusal is not None:
            self._check_leave(refusal)
            raise refusal
        await self._content(data)

    async def _content(self, data: bytes) -> None:
        self._transport.write(_dotted(data))
        try:
            code, words = await self._reply(self._patience * _LAST_REPLY + len(data) / _BYTES_A_SECOND)
        except OSError as error:
            raise _Broken(str(error)) from error
        self._envelope_open = False
        if code == 421:
            self.abort()
        if not 200 <= code < 300:
            raise _No("content", code, words)

    def _envelope(self, sender: str, to: str, data: bytes) -> list[tuple[str, bytes]]:
        options = f" SIZE={len(data)}" if self._size else ""
        if self._eight_bit and not data.isascii():
            options += " BODY=8BITMIME"
        sender, to = _ascii_domain(sender), _ascii_domain(to)
        if not (sender + to).isascii():
            if not self._utf8:
                raise _No("RCPT", 553, f"the server takes no address with letters beyond ASCII, such as {to}")
            options += " SMTPUTF8"
        commands = [("RSET", b"RSET\r\n")] if self._envelope_open else []
        commands.append(("MAIL", f"MAIL FROM:<{sender}>{options}\r\n".encode()))
        commands.append(("RCPT", f"RCPT TO:<{to}>\r\n".encode()))
        commands.append(("DATA", b"DATA\r\n"))
        return commands

    async def _ask_together(self, commands: list[tuple[str, bytes]]) -> list[_No | None]:
        self._envelope_open = True
        self._transport.write(b"".join(command for _, command in commands))
        answers: list[_No | None] = []
        try:
            for stage, _ in commands:
                answers.append(_judged(stage, *await self._reply(self._patience)))
        except OSError:
            if not any(answers):
                raise
            return answers
        if answers[-1] is None and any(answers):
            # Data is awaited although an address was refused: an empty letter, which nobody gets.
            self._transport.write(b".\r\n")
            await self._reply(self._patience)
        return answers

    async def _ask_singly(self, commands: list[tuple[str, bytes]]) -> list[_No | None]:
        self._envelope_open = True
        for stage, command in commands:
            self._transport.write(command)
            if refusal := _judged(stage, *await self._reply(self._patience)):
                return [refusal]
        return [None]

    def _check_leave(self, refusal: _No) -> None:
        if refusal.code == 421:
            self.abort()
            raise _Stale(f"the server said “{refusal}”", 421) from refusal

    async def _reply(self, seconds: float) -> tuple[int, str]:
        """The next reply. Raises OSError; the connection is then of no more use."""
        if not self._replies:
            if self._lost:
                raise ConnectionError(self._lost)
            self._waiter = self._loop.create_future()
            late = self._loop.call_later(seconds, self._give_up, seconds)
            try:
                await self._waiter
            finally:
                late.cancel()
                self._waiter = None
            if not self._replies:
                raise ConnectionError(self._lost)
        return self._replies.popleft()

    def _give_up(self, seconds: float) -> None:
        self.fell_silent = True
        self._end(f"no answer came within {seconds:g} seconds")
        self.abort()

    def _end(self, why: str) -> None:
        self._lost = self._lost or why
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = self._buffer[:end].decode("utf-8", "replace").rstrip("\r")
            del self._buffer[: end + 1]
            if not line[:3].isdecimal() or len(self._said) > 1000:
                self._buffer.clear()
                self._end("the server said something that is not SMTP")
                self.abort()
                return
            self._said.append(line[4:].strip())
            if line[3:4] != "-":
                self._replies.append((int(line[:3]), " ".join(self._said)))
                self._said.clear()
        if len(self._buffer) > _LONGEST_REPLY:
            self._end("the server said more than any reply holds")
            self.abort()
        elif self._replies and self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the line broke ({exc})" if exc else "the server closed the line")

    def abort(self) -> None:
        """Leave without a word."""
        self._lost = self._lost or "the line was given up"
        self._transport.abort()

    async def quit(self) -> None:
        """Leave as one should; whatever the server makes of it. Never raises OSError."""
        with suppress(OSError):
            if self.is_open:
                self._replies.clear()
                self._transport.write(b"QUIT\r\n")
                await self._reply(2.0)
        self._transport.abort()


def _hang_up(client: SMTP) -> None:
    """At once: aiosmtplib's own way waits for the other side, and nobody waits with it."""
    if client.transport is not None:
        cast("asyncio.Transport", client.transport).abort()
    client.close()


def _judged(stage: str, code: int, words: str) -> _No | None:
    good = code == 354 if stage == "DATA" else 200 <= code < 300
    return None if good else _No(stage, code, words)


def _dotted(data: bytes) -> bytes:
    """Mail as it travels: every line ends in CR LF, a leading dot is doubled, a dot alone ends it."""
    ends = data.count(b"\r\n")
    if ends != data.count(b"\n") or ends != data.count(b"\r"):
        data = _LINE_ENDS.sub(b"\r\n", data)
    if data.startswith(b"."):
        data = b"." + data
    data = data.replace(b"\r\n.", b"\r\n..")
    return data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _unfit(parcel: Parcel) -> str:
    for address in (parcel.sender, parcel.to):
        if _UNSAFE.search(address):
            return f"{address!r} is not an address that mail can be sent to"
    return "" if parcel.to else "there is no address to send it to"


def _ascii_domain(address: str) -> str:
    """The address with its domain as the DNS knows it (IDNA), so that only odd local parts need SMTPUTF8."""
    if address.isascii():
        return address
    local, at, domain = address.rpartition("@")
    with suppress(UnicodeError):
        return local + at + domain.encode("idna").decode("ascii")
    return address


def _own_name() -> str:
    """Not ``getfqdn``, which asks the DNS and may wait for it."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"


async def _login(client: SMTP, server: Server, secret: str) -> None:
    """One try with the best method on offer: three with a wrong password may lock the account."""
    offered = client.server_auth_methods
    if server.token_command:
        await client.auth_xoauth2(server.user, secret)
    elif "plain" in offered:
        await client.auth_plain(server.user, secret)
    elif "login" in offered:
        await client.auth_login(server.user, secret)
    elif "cram-md5" in offered:
        await client.auth_crammd5(server.user, secret)
    else:
        raise Refused(
            f"{_name(server)}: offers no way to log in that mailbot knows; leave out user where none is needed"
        )


def _name(server: Server) -> str:
    return f"{server.host} (SMTP, port {server.port})"


def _explanation(server: Server, error: Exception) -> MailbotError:
    """Why there is no connection, in words for the person who has to act on it; never the secret."""
    failed = f"{_name(server)}: could not connect"
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(error, SMTPAuthenticationError):
        return _login_failed(server, error)
    if isinstance(error, SMTPResponseException):
        if error.code >= 500:
            return Refused(f"{failed}: the server said “{error.code} {error.message}”")
        return Unreachable(f"{failed}: the server said “{error.code} {error.message}”; it will be tried again")
    if isinstance(error, SMTPException) and "STARTTLS" in str(error) and not isinstance(cause, ssl.SSLError):
        return Refused(f'{failed}: it offers no encryption (STARTTLS); try security = "tls" with port 465')
    return why_failed(server, "smtp", failed, cause)


def _login_failed(server: Server, error: SMTPAuthenticationError) -> MailbotError:
    said = f"{_name(server)}: could not log in as “{server.user}”: the server said “{error.code} {error.message}”"
    if error.code < 500:
        return Unreachable(f"{said}; it will be tried again")
    return Refused(f"{said}; {cure_for_login(server)}")
