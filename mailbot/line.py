"""A line to a mail server: how it is secured (RFC 8314), and the words for why there is none."""

from __future__ import annotations

import socket
import ssl

from mailbot.accounts import Server, is_loopback, usual_port
from mailbot.errors import MailbotError, Refused, Unreachable


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


def why_failed(server: Server, protocol: str, failed: str, error: Exception) -> MailbotError:
    """Refused or Unreachable, in words for the person who has to act on it. ``failed`` says what could not be done;
    ``protocol`` is "imap" or "smtp".
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(
            f"{failed}: its certificate is not to be trusted ({error.verify_message}); check host, or name the "
            "library's own CA in ca_file"
        )
    if isinstance(error, ssl.SSLError) and error.reason in ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL"):
        tls, starttls = usual_port(protocol, "tls"), usual_port(protocol, "starttls")
        return Refused(
            f'{failed}: no TLS is spoken there; port {tls} is for security = "tls", {starttls} for "starttls"'
        )
    if isinstance(error, TimeoutError):
        return Unreachable(f"{failed}: no answer within {server.timeout:g} seconds; it will be tried again")
    if isinstance(error, socket.gaierror):
        return Unreachable(f"{failed}: no address is known for this name; check host, and the network")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(f"{failed}: nobody listens there; check host and port, or wait until the server is up")
    said = (isinstance(error, OSError) and error.strerror) or error
    return Unreachable(f"{failed}: the line broke ({said}); it will be tried again")
