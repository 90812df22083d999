"""The line to an IMAP server: connected, encrypted, logged in, alive or not; and the words for what goes wrong on it.

Knows no folder and no message: what is said over the line is ``mailbox``'s (RFC 9051, 4616, 7628).
"""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from mailbot.accounts import Server, cure_for_login
from mailbot.errors import MailbotError, Refused, Unreachable
from mailbot.line import trust, why_failed

_PASSING = ("[unavailable]", "[inuse]", "[serverbug]", "[limit]", "[throttled]", "too many", "temporar", "try again")


def connect(server: Server, secret: Callable[[], str]) -> IMAPClient:
    """A client that is logged in. ``secret`` gives the password, or the access token where the server has a
    ``token_command``. Raises Unreachable or Refused.
    """
    context = trust(server, name_of(server))
    with explained(server, "connect"):
        client = _connection(server, context)
    try:
        with explained(server, "connect"):
            _tune(client)
            if server.security == "starttls":
                _encrypt(client, server, context)
        with explained(server, "log in"):
            _login(client, server, secret)
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: IMAPClient) -> None:
    """Leave without a word. Never raises."""
    with suppress(Exception):
        client.shutdown()


def log_out(client: IMAPClient) -> None:
    """Leave as one should. Never raises."""
    with suppress(Exception):
        client.socket().settimeout(2)
        client.logout()
    hang_up(client)


def is_alive(client: IMAPClient) -> bool:
    """A connection on which the server has said something may have been closed; only then it is asked."""
    try:
        if has_word(client, 0):
            client.noop()
    except Exception:  # noqa: BLE001 - whatever it is, a new connection is the answer
        return False
    return True


def has_word(client: IMAPClient, seconds: float) -> bool:
    """Whether the server has said something, or does within so many seconds; the end of the line counts too."""
    line = client.socket()
    if isinstance(line, ssl.SSLSocket) and line.pending():
        return True
    poller = select.poll()
    poller.register(line.fileno(), select.POLLIN)
    return bool(poller.poll(seconds * 1000))


def name_of(server: Server) -> str:
    """What the server is called in what goes wrong."""
    return f"{server.host} (IMAP, port {server.port})"


@contextmanager
def explained(server: Server, doing: str) -> Iterator[None]:
    """Whatever fails inside is Unreachable or Refused, and says what was being done."""
    try:
        yield
    except MailbotError:
        raise
    except Exception as error:
        raise _explanation(server, doing, error) from error


def mentions(error: Exception, words: tuple[str, ...]) -> bool:
    """Whether the server's answer holds one of these (in lower case)."""
    text = str(error).lower()
    return any(word in text for word in words)


def _connection(server: Server, trust: ssl.SSLContext | None) -> IMAPClient:
    direct = server.security == "tls"
    return IMAPClient(
        server.host,
        server.port,
        ssl=direct,
        ssl_context=trust if direct else None,
        timeout=SocketTimeout(server.timeout, server.timeout),
    )


def _tune(client: IMAPClient) -> None:
    client.normalise_times = False
    client._imap.debug = 0  # noqa: SLF001 - imapclient formats every line for a log nobody reads
    line = client.socket()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _encrypt(client: IMAPClient, server: Server, context: ssl.SSLContext | None) -> None:
    if not client.has_capability("STARTTLS"):
        raise Refused(
            f"{name_of(server)} offers no encryption (STARTTLS), so no password is sent there; "
            'try security = "tls" with port 993'
        )
    client.starttls(context)


def _login(client: IMAPClient, server: Server, secret: Callable[[], str]) -> None:
    user, offered = server.user, client.capabilities()
    if not user:
        return  # a server that asks for no login greets with PREAUTH; any other refuses the next command
    word = secret()
    try:
        if server.token_command:
            _token_login(client, user, word, offered)
        elif b"AUTH=PLAIN" in offered:
            client.plain_login(user, word)
        else:
            client.login('"{}"'.format(user.replace("\\", "\\\\").replace('"', '\\"')), word)
    except LoginError as error:
        if word in str(error):  # some servers repeat what they did not understand
            raise LoginError("an answer that repeats the password") from None
        raise


def _token_login(client: IMAPClient, user: str, token: str, offered: Iterable[bytes]) -> None:
    """XOAUTH2 or OAUTHBEARER (RFC 7628). A second challenge carries the error; any answer ends the exchange."""
    if b"AUTH=OAUTHBEARER" in offered and b"AUTH=XOAUTH2" not in offered:
        authorization = user.replace("=", "=3D").replace(",", "=2C")
        mechanism, first, last = "OAUTHBEARER", f"n,a={authorization},\1auth=Bearer {token}\1\1", "\1"
    else:
        mechanism, first, last = "XOAUTH2", f"user={user}\1auth=Bearer {token}\1\1", ""
    answers = iter([first])
    client.sasl_login(mechanism, lambda _: next(answers, last))


def _explanation(server: Server, doing: str, error: Exception) -> MailbotError:
    """What went wrong, in words for the person who has to act on it; never the secret."""
    while isinstance(error, IMAPClientError) and isinstance(error.__context__, imaplib.IMAP4.error):
        error = error.__context__  # imapclient calls every failure of a login a wrong password
    failed = f"{name_of(server)}: could not {doing}"
    if isinstance(error, imaplib.IMAP4.readonly):
        return Refused(f"{failed}: the mailbox may only be read; give “{server.user}” the right to move mail there")
    if isinstance(error, imaplib.IMAP4.abort):
        return Unreachable(f"{failed}: the line broke ({_said(error)}); it will be tried again")
    if isinstance(error, imaplib.IMAP4.error):
        return _answered_no(server, doing, error)
    if isinstance(error, OSError):
        return why_failed(server, "imap", failed, error)
    return Unreachable(f"{failed}: the server answered with something that is not IMAP ({type(error).__name__})")


def _answered_no(server: Server, doing: str, error: imaplib.IMAP4.error) -> MailbotError:
    failed = f"{name_of(server)}: could not {doing}"
    if doing == "connect" or mentions(error, _PASSING):
        return Unreachable(f"{failed}: the server cannot serve us just now (“{_said(error)}”); it will be tried again")
    if "illegal in state NONAUTH" in str(error):
        return Refused(f"{failed}: the server asks for a login; set user, and where its password is kept")
    if doing == "log in":
        return Refused(f"{failed} as “{server.user}”: the server said “{_said(error)}”; {cure_for_login(server)}")
    return Refused(f"{failed}: the server said “{_said(error)}”; it may be a matter of rights, or of space")


def _said(error: Exception) -> str:
    """The server's own words, without the name of the command in front."""
    text = str(error)
    return text.split(" failed: ", 1)[-1].strip()[:300]
