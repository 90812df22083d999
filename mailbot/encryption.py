"""How a line to a mail server is secured (RFC 8314): which certificate is trusted, and where none is needed."""

from __future__ import annotations

import ssl

from mailbot.accounts import Server, is_loopback
from mailbot.errors import Refused


def trust(server: Server, name: str) -> ssl.SSLContext | None:
    """Certificate and host name are always checked; None, unencrypted, only to this machine itself.

    ``name`` is how the server is called in what goes wrong. Raises Refused.
    """
    if server.security == "none":
        if not is_loopback(server.host):
            raise Refused(f'{name}: security = "none" is only for this machine; use "tls" or "starttls"')
        return None
    try:
        return ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
    except OSError as error:
        raise Refused(f"{server.ca_file} cannot be read as a CA certificate ({error}); check ca_file") from error
