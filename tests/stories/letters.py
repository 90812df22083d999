"""A letter that left, as its reader finds it: all its text, decoded and unwrapped."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.servers import Received


def parsed(received: Received) -> EmailMessage:
    """The letter with its headers decoded."""
    message = message_from_bytes(received.data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain_text(letter: EmailMessage) -> str:
    """What is read first: the first plain part."""
    for part in letter.walk():
        if part.get_content_type() == "text/plain":
            return str(part.get_content()).replace("\r\n", "\n")
    return ""


def whole_text(letter: EmailMessage) -> str:
    """Every text in it, the mails that it carries included."""
    return "\n\n".join(str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text")


def comparable(text: str) -> str:
    """Upper and lower case, line breaks and the shape of an apostrophe don't matter."""
    return re.sub(r"\s+", " ", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).casefold().strip()
