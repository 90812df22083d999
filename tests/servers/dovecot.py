"""A private Dovecot 2.3: IMAP with STARTTLS, IMAPS, LMTP, SASL for Postfix, OAuth 2 tokens.

Every user exists (password ``secret``, token ``good-USER``) with a mailbox made at the first look, so a test
just invents one. Runs as root (mail belongs to uid 5000) or as an ordinary user.
"""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imapclient import IMAPClient

from mailbot.accounts import Server
from tests.servers.certificates import Authority
from tests.servers.daemon import Daemon, program
from tests.servers.tokens import TokenEndpoint

_CAPABILITIES = (
    *("IMAP4rev1", "SASL-IR", "LOGIN-REFERRALS", "ID", "ENABLE", "IDLE", "LITERAL+", "SORT", "MULTIAPPEND", "UNSELECT"),
    *("CHILDREN", "NAMESPACE", "UIDPLUS", "LIST-EXTENDED", "CONDSTORE", "ESEARCH", "LIST-STATUS", "BINARY", "MOVE"),
)

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = {name}
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = {fsync}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = yes
login_trusted_networks =
auth_mechanisms = plain login oauthbearer xoauth2
auth_failure_delay = 0
mail_max_userip_connections = 200
passdb {{
  driver = static
  mechanisms = plain login
  args = password=secret
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot = {chroot}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
  service_count = 0
  client_limit = 1000
}}
service imap {{
  service_count = 100
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
  user = {root}
}}
service auth {{
  user = {internal}
  client_limit = 2000
  inet_listener {{
    port = {sasl}
    address = 127.0.0.1
  }}
}}
service auth-worker {{
  user = {root}
}}
service anvil {{
  chroot = {chroot_empty}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot = {chroot_empty}
  client_limit = 2000
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
  auth_username_format = %n
}}
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
{more}
"""

_TOKENS = """introspection_url = {url}
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


class Dovecot(Daemon):
    """``hidden`` are capabilities it does not announce; ``separator`` and ``prefix`` shape its folder names.

    ``fsync`` makes it as careful with its disk as it is by default. ``other_name`` gives it a certificate for
    another host. ``more`` is appended to the configuration at the next start.
    """

    ports = 4
    password = "secret"
    _serial = itertools.count(1)

    def __init__(
        self,
        authority: Authority,
        *,
        separator: str = "/",
        prefix: str = "",
        hidden: Iterable[str] = (),
        fsync: bool = False,
        other_name: bool = False,
        more: str = "",
    ) -> None:
        self._binary = program("dovecot", "dovecot-imapd")
        super().__init__()
        self.authority = authority
        self._tokens = TokenEndpoint()
        self._shape = (separator, prefix, tuple(hidden), fsync, other_name)
        self.more = more
        self.password_file = self.folder / "password"
        self.password_file.write_text(self.password)

    @property
    def imap_port(self) -> int:
        """Plain or STARTTLS."""
        return self.port_numbers[0]

    @property
    def imaps_port(self) -> int:
        """TLS from the first byte."""
        return self.port_numbers[1]

    @property
    def lmtp_port(self) -> int:
        """Delivery by LMTP (RFC 2033)."""
        return self.port_numbers[2]

    @property
    def sasl_port(self) -> int:
        """Dovecot's authentication protocol, for Postfix."""
        return self.port_numbers[3]

    def new_user(self) -> str:
        """A user nobody else has, so a fresh mailbox."""
        return f"user{next(self._serial)}"

    def server(self, user: str, security: str = "tls", *, ca_file: Path | None = None, token: bool = False) -> Server:
        """The settings a library would write for this server."""
        return Server(
            host="localhost",
            port=self.imaps_port if security == "tls" else self.imap_port,
            security=security,
            user=user,
            password_file=None if token else self.password_file,
            token_command=("printf", f"good-{user}") if token else (),
            ca_file=ca_file or self.authority.ca_file,
            timeout=10.0,
        )

    def put(self, user: str, *raws: bytes, folder: str = "INBOX") -> None:
        """Messages appear in a folder."""
        with self.login(user) as client:
            for start in range(0, len(raws), 50):
                client.multiappend(folder, raws[start : start + 50])

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What lies in a folder, in UID order; none where there is no such folder."""
        with self.login(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def folders(self, user: str) -> list[str]:
        """All folders by their full names, as the server lists them."""
        with self.login(user) as client:
            return sorted(name for _, _, name in client.list_folders())

    @contextmanager
    def login(self, user: str) -> Iterator[IMAPClient]:
        """A client of the test's own, logged in, past everything that mailbot does."""
        trust = ssl.create_default_context(cafile=str(self.authority.ca_file))
        with IMAPClient("localhost", self.imaps_port, ssl_context=trust, timeout=20) as client:
            client.login(user, self.password)
            yield client

    def configure(self) -> None:
        separator, prefix, hidden, fsync, other_name = self._shape
        more = self.more
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.getuid()).pw_name
        for name in ("run", "mail", "state"):
            (self.folder / name).mkdir(exist_ok=True)
        if root:
            os.chown(self.folder / "mail", 5000, 5000)
        if hidden:
            more += f"\nimap_capability = {' '.join(word for word in _CAPABILITIES if word not in hidden)}\n"
        values = {
            "folder": self.folder,
            "name": self.folder.name,
            "fsync": "optimized" if fsync else "never",
            "certificate": self.authority.other_certificate if other_name else self.authority.certificate,
            "key": self.authority.other_key if other_name else self.authority.key,
            "uid": 5000 if root else os.getuid(),
            "gid": 5000 if root else os.getgid(),
            "separator": separator,
            "prefix": prefix,
            "chroot": "login" if root else "",
            "chroot_empty": "empty" if root else "",
            "root": "root" if root else me,
            "internal": "dovecot" if root else me,
            "group": "dovecot" if root else grp.getgrgid(os.getgid()).gr_name,
            "login": "dovenull" if root else me,
            "more": more,
        }
        ports = dict(zip(("imap", "imaps", "lmtp", "sasl"), self.port_numbers, strict=True))
        (self.folder / "dovecot.conf").write_text(_CONFIGURATION.format(**values, **ports))
        (self.folder / "oauth2.conf.ext").write_text(_TOKENS.format(url=self._tokens.url))

    def launch(self) -> int:
        return self.spawn([self._binary, "-F", "-c", str(self.folder / "dovecot.conf")])

    def close(self) -> None:
        super().close()
        self._tokens.close()
