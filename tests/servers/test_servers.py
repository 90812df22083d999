"""The private servers themselves: up, apart from each other, down again."""

from __future__ import annotations

import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import made
from tests.servers import Authority, Dovecot, FaultProxy, Faults, Postfix, ServerMissing, SmtpSink
from tests.servers.sink import DROP

MAIL = b"Subject: Scores\r\n\r\nDo you have any?\r\n"


def test_what_is_put_into_a_mailbox_lies_there(dovecot: Dovecot, user: str) -> None:
    dovecot.put(user, MAIL)
    assert dovecot.messages(user) == [MAIL]


def test_a_mailbox_outlives_a_power_cut(authority: Authority, dovecot: Dovecot) -> None:
    with Dovecot(authority) as other:
        other.put("pat", MAIL)
        ports = list(other.port_numbers)
        other.kill()
        other.start()
        assert (other.port_numbers, other.messages("pat")) == (ports, [MAIL])


def test_postfix_hands_local_mail_to_dovecot_and_the_rest_to_the_sink(
    dovecot: Dovecot, postfix: Postfix, sink: SmtpSink, user: str, authority: Authority
) -> None:
    with smtplib.SMTP("localhost", postfix.port_numbers[0]) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(authority.ca_file)))
        client.login(user, dovecot.password)
        client.sendmail("", [f"{user}@library.test", "pat@patron.example"], MAIL)
    (mail,) = sink.wait(1)
    assert (mail.sender, mail.recipients) == ("", ("pat@patron.example",))
    while not (kept := dovecot.messages(user)):
        time.sleep(0.05)
    assert b"Do you have any?" in kept[0]


def test_a_sink_answers_what_it_was_told(sink: SmtpSink) -> None:
    sink.answer("DATA", "451 4.3.0 Later", times=1)
    with smtplib.SMTP("localhost", sink.port) as client:
        with pytest.raises(smtplib.SMTPDataError):
            client.sendmail("a@a.example", ["b@b.example"], MAIL)
        client.sendmail("a@a.example", ["b@b.example"], MAIL)
        sink.answer("KEPT", DROP)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail("a@a.example", ["b@b.example"], MAIL)
    assert len(sink.received) == 2


def test_a_proxy_loses_the_reply_it_was_told_to_lose(sink: SmtpSink, proxy_to: Callable[[int], FaultProxy]) -> None:
    proxy = proxy_to(sink.port)
    proxy.faults = Faults(cut_down=b"queued as", fragment=1)
    with smtplib.SMTP("localhost", proxy.port) as client, pytest.raises(OSError):
        client.sendmail("a@a.example", ["b@b.example"], MAIL)
    assert len(sink.received) == 1


def test_a_fresh_database_is_empty_and_answers(postgres_url: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


_STRANDED = """
import os, signal, sys
from tests.servers import Authority, Dovecot
server = Dovecot(Authority()).start()
print(server.imap_port, server.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_does_not_outlive_a_killed_test_run(dovecot: Dovecot) -> None:
    project = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", _STRANDED], cwd=project, stdout=subprocess.PIPE, text=True, timeout=60, check=False
    )
    port, folder = run.stdout.split()
    assert run.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 30
    while Path(folder).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    while _answers(int(port)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _missing() -> Dovecot:
    raise ServerMissing("dovecot is not installed (Debian package dovecot-imapd)")


def test_a_missing_server_skips_the_test_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="dovecot-imapd"):
        made(_missing)


def test_a_missing_server_fails_where_it_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(ServerMissing):
        made(_missing)
