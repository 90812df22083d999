"""Private servers for tests: real Dovecot, Postfix and PostgreSQL, an SMTP sink, a proxy that breaks lines, a browser.

Each takes free ports of its own and a scratch folder of its own, so that several test processes run side by side;
each is stopped by process id, also when the tests are interrupted or killed.
"""

from tests.servers.browser import Browser
from tests.servers.certificates import Authority
from tests.servers.daemon import ServerMissing
from tests.servers.dovecot import Dovecot
from tests.servers.faultproxy import FaultProxy, Faults
from tests.servers.postfix import Postfix
from tests.servers.postgres import Postgres
from tests.servers.sink import Received, SmtpSink

__all__ = [
    "Authority",
    "Browser",
    "Dovecot",
    "FaultProxy",
    "Faults",
    "Postfix",
    "Postgres",
    "Received",
    "ServerMissing",
    "SmtpSink",
]
