"""The sample mails as they would arrive, in two halves: one to work with, one kept aside for judging."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from zoneinfo import ZoneInfo

from mailbot.mail import understand
from mailbot.mail.understood import Understood
from mailbot.settings import ours
from tests.writing.scenes import MAILBOX, Sample, riverbend, samples

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
    return tuple(Mail(one, _read(one)) for one in asking)


def _read(one: Sample) -> Understood:
    mail = EmailMessage()
    mail["From"] = (
        f"{one.writer.name} <{one.writer.address}>"
        if re.fullmatch(r"[\w .'-]+", one.writer.name)
        else one.writer.address
    )
    mail["To"] = MAILBOX.address
    mail["Subject"] = one.subject
    mail["Message-ID"] = f"<{one.id}@example.com>"
    mail.set_content(one.text)
    return understand(mail.as_bytes(), ours(riverbend()))
