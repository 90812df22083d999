"""The servers that benchmarks run against, the mail they hold, and the settings that point to them."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from itertools import count, cycle, islice
from pathlib import Path

from mailbot.accounts import Server
from mailbot.classify import Classifier, load_or_fit
from mailbot.settings import Settings, load
from tests.servers import Authority, Dovecot, Postfix
from tests.servers.daemon import free_port, program

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "tests" / "riverbend" / "mail.jsonl"
_serial = count()


def inquiries(number: int) -> list[bytes]:
    """That many raw mails: the sample mail's questions over and over, each from a patron of its own."""
    rows = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    asking = [row for row in rows if not {"thanks", "form", "spam"} & set(row["tags"])]
    return [_raw(row, next(_serial)) for row in islice(cycle(asking), number)]


def _raw(row: dict[str, str], number: int) -> bytes:
    message = EmailMessage()
    message["From"] = formataddr((row["from_name"], f"{number}.{row['from_address']}"))
    message["To"] = "ask@riverbend.example"
    message["Subject"] = row["subject"]
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{number}.{row['id']}@bench.example>"
    message.set_content(row["text"])
    return message.as_bytes().replace(b"\n", b"\r\n")


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A private Dovecot, TLS with a certificate that is checked."""
    authority = Authority()
    server = Dovecot(authority).start()
    try:
        yield server
    finally:
        server.close()
        authority.close()


@contextmanager
def c_sink() -> Iterator[int]:
    """Postfix's smtp-sink: takes everything, keeps nothing, written in C. Its port."""
    port = free_port()
    sink = subprocess.Popen(
        [program("smtp-sink", "postfix"), "-u", "nobody", f"127.0.0.1:{port}", "1000"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        sink.kill()
        sink.wait()


@contextmanager
def postfix(imap: Dovecot, relay: int) -> Iterator[Postfix]:
    """A private Postfix that takes mail with STARTTLS and login and relays it to a sink."""
    server = Postfix(imap, relay).start()
    try:
        yield server
    finally:
        server.close()


@contextmanager
def settings_for(imap: Server, smtp: Server) -> Iterator[Settings]:
    """The sample library on these servers, with an empty, durable SQLite store."""
    settings = load(ROOT / "config", {"ASK_PASSWORD": "none"})
    mailbox = replace(settings.mailboxes[0], imap=imap, smtp=smtp)
    with tempfile.TemporaryDirectory() as folder:
        store = replace(settings.store, url=f"sqlite:///{folder}/bench.db")
        # More than any library gets: what is measured is the way, not where it is cut off.
        worker = replace(settings.worker, letters_per_mailbox_per_hour=100_000)
        yield replace(settings, mailboxes=(mailbox,), store=store, worker=worker)


def plain(port: int) -> Server:
    """An SMTP server on loopback without login or encryption."""
    return Server("127.0.0.1", port, "none")


def fitted() -> Classifier:
    """The sample library's classifier, from the models folder where it is kept there already."""
    departments = load(ROOT / "config", {"ASK_PASSWORD": "none"}).library.departments
    return load_or_fit(departments, folder=ROOT / "models").classifier
