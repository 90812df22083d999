"""The sample mails as they would arrive, in two halves: one to work with, one kept aside for judging."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from zoneinfo import ZoneInfo

from mailbot.library import Library
from mailbot.mail import understand
from mailbot.mail.message import Address
from mailbot.mail.understood import Understood
from mailbot.settings import ours
from tests.writing.scenes import Sample, riverbend, samples

MOMENT = datetime(2027, 2, 2, 10, 0, tzinfo=ZoneInfo("America/Chicago"))


@dataclass(frozen=True, slots=True)
class Mail:
    """A sample mail, read as the worker would read it."""

    sample: Sample
    read: Understood


def kept_aside(name: str) -> bool:
    """Whether a mail, by its id, belongs to the half that is looked at only to judge: the SHA-256 of it is odd."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 1


@cache
def half(*, aside: bool) -> tuple[Mail, ...]:
    """The mails of one half that ask for something."""
    asking = [one for one in samples() if not {"thanks", "spam"} & set(one.tags) and kept_aside(one.id) == aside]
    return tuple(Mail(one, as_read(one.id, one.writer, one.subject, one.text, riverbend())) for one in asking)


def as_read(name: str, writer: Address, subject: str, text: str, library: Library) -> Understood:
    """A first message to a library, as the worker reads it."""
    mail = EmailMessage()
    mail["From"] = f"{writer.name} <{writer.address}>" if re.fullmatch(r"[\w .'-]+", writer.name) else writer.address
    mail["To"] = library.addresses[0]
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{name}@example.com>"
    mail.set_content(text)
    return understand(mail.as_bytes(), ours(library))
