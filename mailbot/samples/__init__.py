"""Mails as libraries get them, to see what the bot would write: no real person's, and no particular library's.

Owns the mails beside this file and how they become raw messages; knows nothing of what is made of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from importlib.resources import files

from mailbot.library import Library
from mailbot.settings import Settings

COLLEAGUE = "Dan Whitlock"


def sample_mails(settings: Settings, now: datetime) -> Iterator[tuple[str, bytes]]:
    """A name and the raw message for each sample, as if written now to the library's first mailbox.

    One is passed on by a colleague.
    """
    to = settings.mailboxes[0].address
    colleague = (COLLEAGUE, f"{COLLEAGUE.lower().replace(' ', '.')}@{_staff_domain(settings.library)}")
    lines = files(__name__).joinpath("mail.jsonl").read_text("utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines), 1):
        writer, subject, text = (row["from_name"], row["from_address"]), row["subject"], row["text"]
        if "passed_on" in row:
            text = _passed_on(row["passed_on"], writer, colleague, subject, text, now)
            writer, subject = colleague, f"Fwd: {subject}"
        yield f"sample {number}", raw(writer, to, subject, text, f"sample-{number}", now, row.get("headers"))


def _staff_domain(library: Library) -> str:
    return library.staff_domains[0] if library.staff_domains else library.triage.email.rpartition("@")[2]


def raw(
    writer: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    name: str,
    now: datetime,
    headers: dict[str, str] | None = None,
) -> bytes:
    """A plain mail as its sender's program would write it. ``writer`` is a name and an address."""
    message = EmailMessage()
    message["From"] = formataddr(writer)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{name}@{writer[1].rpartition('@')[2]}>"
    for header, value in (headers or {}).items():
        message[header] = value
    message.set_content(text)
    return message.as_bytes()


def _passed_on(
    said: str, writer: tuple[str, str], colleague: tuple[str, str], subject: str, text: str, now: datetime
) -> str:
    return (
        f"{said}\n\n---------- Forwarded message ---------\nFrom: {writer[0]} <{writer[1]}>\n"
        f"Date: {now:%a, %b %d, %Y} at {now:%I:%M %p}\nSubject: {subject}\n"
        f"To: {colleague[0]} <{colleague[1]}>\n\n{text}"
    )
