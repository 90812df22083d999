"""A case: one patron's question and what is owed for it. The one place where states change.

Pure: a function takes a case and returns a case; the store keeps it, ``routing`` decides which to call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mailbot.mail.message import Address

NOTED, ANSWERED = "noted", "answered"
"""What a case's history says of a message that changed nothing, and of a person's answer to the patron."""

SATISFIED, UNSATISFIED = "satisfied", "unsatisfied"
"""What a case's history says when the patron was asked whether the answer helped, and said yes, or no."""


class State(StrEnum):
    """Where a case stands.

    ``OPEN``: somebody owes the patron a word, and ``due`` says until when.
    ``ANSWERED``: a person has written to the patron; nothing is owed. A further question opens it again.
    """

    OPEN = "open"
    ANSWERED = "answered"


class Standing(StrEnum):
    """How a UID is booked; `received` is always the sum of these (the contract's `accounted`)."""

    ROUTED = "routed"
    ADDED = "added"
    HELD = "held"
    UNANSWERED = "unanswered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Move:
    """A case on its way: when it went ``to`` a department (key), ``was`` with which before ("" for the first), and the
    colleague who moved it, None where the bot or the patron's own words did. ``corrected``: staff moved it; where that
    was from the command line or by tidying folders, nobody knows who.
    """

    at: datetime
    was: str
    to: str
    by: Address | None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One question of one patron.

    ``ref`` is unguessable and stays out of the prose. ``holder`` is the key of the department that has it now,
    ``held_by`` every department that ever had it, first to last (the last is ``holder``). ``request`` is what the
    patron asked for, in their words, as letters may mirror it ("" where nothing fits). ``due`` is the
    promise, None where none was made. ``sure`` is whether the bot, or a person, stands behind the route.
    ``answerable`` is false where the first message forbade an automatic answer: then no letter goes to the patron.
    ``follows`` is the reference of a very old case that the first message answered, "" where it began anew.
    """

    ref: str
    patron: Address
    subject: str
    language: str
    holder: str
    held_by: tuple[str, ...]
    state: State
    opened: datetime
    due: datetime | None
    passed_on_by: Address | None = None
    request: str = ""
    sure: bool = True
    answerable: bool = True
    follows: str = ""

    @property
    def on_record(self) -> bool:
        """Whether it is still known who asked; some time after an answer nothing is kept but that there was a case."""
        return self.patron.address != ""

    def moved(self, holder: str, due: datetime | None, *, sure: bool = True) -> Case:
        """The case in another department's hands, with that department's promise."""
        return replace(self, holder=holder, held_by=(*self.held_by, holder), due=due, state=State.OPEN, sure=sure)

    def answered(self) -> Case:
        """A person has written to the patron; nothing is owed any more."""
        return replace(self, state=State.ANSWERED, due=None)

    def promised_anew(self, due: datetime) -> Case:
        """The promise was not kept; a new one takes its place."""
        return replace(self, due=due)

    def reopened(self, due: datetime) -> Case:
        """The patron asks again after an answer: a new promise."""
        return replace(self, state=State.OPEN, due=due)
