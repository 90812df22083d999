"""A private Postfix 3: submission with STARTTLS and SASL, ``@library.test`` to Dovecot, the rest to a sink.

Needs root, as Postfix does.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from mailbot.accounts import Server
from tests.servers.daemon import Daemon, ServerMissing, program
from tests.servers.dovecot import Dovecot

_MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {commands}
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.library.test
mydestination =
myorigin = library.test
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = library.test
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
relayhost = [127.0.0.1]:{relay}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
biff = no
smtputf8_enable = yes
message_size_limit = 60000000
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
lmtp_destination_concurrency_limit = 8
default_destination_concurrency_limit = 8
"""

_MASTER = """127.0.0.1:{submission} inet n - n - - smtpd
127.0.0.1:{submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n -  0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -  - trivial-rewrite
bounce    unix  - - n -  0 bounce
defer     unix  - - n -  0 bounce
trace     unix  - - n -  0 bounce
verify    unix  - - n -  1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -  - proxymap
smtp      unix  - - n -  - smtp
relay     unix  - - n -  - smtp
showq     unix  n - n -  - showq
error     unix  - - n -  - error
retry     unix  - - n -  - error
discard   unix  - - n -  - discard
lmtp      unix  - - n -  - lmtp
anvil     unix  - - n -  1 anvil
scache    unix  - - n -  1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix(Daemon):
    """Users, passwords and local mailboxes are the Dovecot's; other domains are relayed to ``relay_port``."""

    ports = 2

    def __init__(self, dovecot: Dovecot, relay_port: int) -> None:
        self._binary = program("postfix", "postfix")
        if os.geteuid() != 0:
            raise ServerMissing("Postfix can only be started by root")
        super().__init__()
        self._dovecot = dovecot
        self._relay_port = relay_port

    def server(self, user: str, security: str = "starttls") -> Server:
        """The settings a library would write for this server."""
        return Server(
            host="localhost",
            port=self.port_numbers[0 if security == "starttls" else 1],
            security=security,
            user=user,
            password_file=self._dovecot.password_file,
            ca_file=self._dovecot.authority.ca_file,
            timeout=10.0,
        )

    def configure(self) -> None:
        etc = self.folder / "etc"
        for folder in (etc, self.folder / "queue", self.folder / "data"):
            folder.mkdir(exist_ok=True)
        subprocess.run(["chown", "postfix", str(self.folder / "data")], check=True)
        submission, submissions = self.port_numbers
        (etc / "dynamicmaps.cf").write_text("")
        (etc / "master.cf").write_text(_MASTER.format(submission=submission, submissions=submissions))
        text = _MAIN.format(
            folder=self.folder,
            commands=Path(self._binary).parent,
            lmtp=self._dovecot.lmtp_port,
            sasl=self._dovecot.sasl_port,
            relay=self._relay_port,
            certificate=self._dovecot.authority.certificate,
            key=self._dovecot.authority.key,
        )
        (etc / "main.cf").write_text(text)

    def launch(self) -> int:
        with (self.folder / "output.log").open("ab") as log:
            subprocess.run(
                [self._binary, "-c", str(self.folder / "etc"), "start"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                check=False,
            )
        return int((self.folder / "queue/pid/master.pid").read_text())
