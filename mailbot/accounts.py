"""Servers to log in to, and where their secrets are kept: read from the configuration, checked, fetched when asked for.

No network; no message contains a secret.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mailbot.errors import ConfigError, Unreachable
from mailbot.tables import Table

_PORTS = {
    ("imap", "tls"): 993,
    ("imap", "starttls"): 143,
    ("imap", "none"): 143,
    ("smtp", "tls"): 465,
    ("smtp", "starttls"): 587,
    ("smtp", "none"): 25,
}
_SOURCES = ("password_env", "password_file", "keyring", "token_command")
_VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_TOKEN_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Server:
    """One server to log in to. ``security`` is "tls", "starttls" or "none" (loopback only). ``user`` may be "".

    At most one of the secret sources is set: ``password_env``, ``password_file``, ``keyring`` (a service name), or
    ``token_command`` (a program that prints an OAuth 2 access token). ``ca_file`` is a CA bundle of
    the library's own, or None for the system's.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password_env: str = ""
    password_file: Path | None = None
    keyring: str = ""
    token_command: tuple[str, ...] = ()
    ca_file: Path | None = None
    timeout: float = 30.0


def secret(server: Server, environ: Mapping[str, str]) -> str:
    """The password or access token for this server, "" where it needs none.

    Raises ConfigError where it is not where the config says, and Unreachable where the program that fetches a
    token fails (it may do better next time). No message contains the secret.
    """
    if server.password_env:
        value = environ.get(server.password_env, "")
        if not value:
            raise ConfigError(
                f"the password for {server.user} at {server.host} is not there: the environment variable "
                f"{server.password_env} is not set; set it before starting mailbot"
            )
        return value
    if server.password_file:
        return _from_file(server, server.password_file)
    if server.keyring:
        return _from_keyring(server)
    return _from_program(server, environ) if server.token_command else ""


def _from_file(server: Server, path: Path) -> str:
    who = f"the password for {server.user} at {server.host}"
    try:
        value = path.read_text(encoding="utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{who} is not text: {path} must hold it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{who} cannot be read from {path}: {error.strerror}") from None
    if not value or "\n" in value:
        raise ConfigError(f"{who} is not in {path}: the file must hold one line, the password alone")
    return value


def _from_keyring(server: Server) -> str:
    import keyring  # slow to import, and few need it
    from keyring.errors import KeyringError

    how = f"`keyring set {server.keyring} {server.user}` puts it there"
    try:
        value = keyring.get_password(server.keyring, server.user)
    except KeyringError as error:
        raise ConfigError(f"the system keyring cannot be read ({type(error).__name__}); is it unlocked?") from None
    if not value:
        raise ConfigError(f'the keyring has no "{server.keyring}" password for {server.user}; {how}')
    return value


def _from_program(server: Server, environ: Mapping[str, str]) -> str:
    program = server.token_command[0]
    what = f'token_command "{program}" for {server.user} at {server.host}'
    try:
        ran = subprocess.run(  # noqa: S603  (the admin names the program; no shell is involved)
            server.token_command,
            capture_output=True,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            timeout=_TOKEN_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigError(f"{what}: there is no such program; give its full path") from None
    except OSError as error:
        raise ConfigError(f"{what} cannot be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise Unreachable(f"{what} did not end within {_TOKEN_SECONDS} seconds") from None
    token = ran.stdout.decode("utf-8", "replace").strip()
    if ran.returncode or not token or any(character.isspace() for character in token):
        raise Unreachable(f"{what} printed no token (exit status {ran.returncode}); run it by hand to see why")
    return token


def server_of(above: Table, protocol: str, default_security: str, folder: Path) -> Server:
    """The server of that name below a mailbox's table; mistakes are noted with their cure."""
    if not above.has(protocol):
        above.wrong(protocol, f'is missing; write {protocol} = {{ host = "{protocol}.library.example", user = "..." }}')
        return Server("", 0, default_security)
    table = above.table(protocol)
    host, security = table.text("host"), table.choice("security", ("tls", "starttls", "none"), default_security)
    if security == "none" and host and not is_loopback(host):
        cure = 'write "tls" or "starttls"; "none" is for this machine itself'
        table.wrong("security", f'"none" would send passwords and patrons\' mail in the clear to {host}; {cure}')
    server = Server(
        host=host,
        port=table.whole("port", usual_port(protocol, security), 1, 65535),
        security=security,
        user=table.text("user", ""),
        password_env=variable_in(table, "password_env"),
        password_file=_path(table, "password_file", folder),
        keyring=table.text("keyring", ""),
        token_command=_command(table),
        ca_file=_path(table, "ca_file", folder),
        timeout=table.number("timeout", 30.0, 1.0, 600.0),
    )
    _check_sources(table, server)
    table.done()
    return server


def usual_port(protocol: str, security: str) -> int:
    """The port that "imap" or "smtp" has with that security."""
    return _PORTS[protocol, security]


def cure_for_login(server: Server) -> str:
    """What to look at where the server lets nobody in: where the secret is kept, never the secret."""
    if server.token_command:
        return f"check user, and that {server.token_command[0]} prints a token that is good for this mailbox"
    if server.password_env:
        return f"check user, and the password in the environment variable {server.password_env}"
    if server.password_file:
        return f"check user, and the password in {server.password_file}"
    if server.keyring:
        return f"check user, and the password of “{server.keyring}” in the keyring"
    return "check user, and say where its password is kept"


def is_loopback(host: str) -> bool:
    """Whether that is this machine itself, by name or address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def variable_in(table: Table, key: str) -> str:
    """The name of an environment variable under that key, "" where there is none or it is no such name."""
    value = table.text(key, "")
    if value and not _VARIABLE.match(value):
        # The value is not repeated: somebody may have written the password itself here.
        table.wrong(key, "must be the name of an environment variable (letters, digits and _), not the secret itself")
        return ""
    return value


def _path(table: Table, key: str, folder: Path) -> Path | None:
    value = table.text(key, "")
    path = folder / Path(value).expanduser()
    if key == "ca_file" and value and not path.is_file():
        table.wrong(key, f"there is no file {path}")
    return path if value else None


def _command(table: Table) -> tuple[str, ...]:
    if not table.is_text("token_command"):
        return table.texts("token_command")
    try:
        return tuple(shlex.split(table.text("token_command")))
    except ValueError as error:
        table.wrong("token_command", f"has quotes that do not match ({error})")
        return ()


def _check_sources(table: Table, server: Server) -> None:
    given = [key for key in _SOURCES if getattr(server, key)]
    if len(given) > 1:
        table.wrong(given[1], f"stands beside {given[0]}; name one place where the secret is kept")
    elif given and not server.user:
        table.wrong("user", f"is missing; {given[0]} needs to know who logs in")
    elif server.user and not given:
        table.wrong("user", 'has no password; name where it is kept, as password_env = "ASK_PASSWORD"')
