"""What sorts of mail there are, and the verdict on one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of mail it is, from the bytes alone (the contract's `kind` of `inspect --json`)."""

    INQUIRY = "inquiry"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    BULK = "bulk"
    SPAM = "spam"
    THANKS = "thanks"
    OWN = "own"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a mail is, and whether it may be answered; ``reason`` is one line for people where it may not.

    ``meant`` is false where nobody wrote it to the library: it is a letter that came back, went to many, or is a trick.
    """

    kind: Kind
    answerable: bool
    reason: str | None = None
    meant: bool = True
