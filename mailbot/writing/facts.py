"""What a letter may say, as typed facts: what a fact is, and those for a patron. Each carries the records it stands in.

A fact is one sentence or one line of a letter; its words are in ``templates/<language>/<wording>.txt``, and the fields
of the fact are the variables that those words may use. A fact without a record behind it cannot be made. Knows
neither words nor languages. The facts for staff are in ``staff_facts``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import dataclass_transform

from mailbot.library import ClosedDay


class Record(StrEnum):
    """Where a statement can be looked up."""

    MESSAGE = "message"
    DIRECTORY = "directory"
    CALENDAR = "calendar"
    CASE = "case"
    GUESS = "guess"
    LETTERS = "letters"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Source:
    """One record: which kind, and where in it."""

    record: Record
    where: str

    def __str__(self) -> str:
        return f"{self.record}: {self.where}" if self.where else str(self.record)


@dataclass_transform(kw_only_default=True, frozen_default=True)
class _Stated:
    """What makes a class of facts a frozen dataclass whose fields are given by name."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


class Fact(_Stated):
    """Something worth saying to this reader now. Raises ValueError where no record stands behind it."""

    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"{type(self).__name__} has no record behind it")

    @property
    def variant(self) -> str:
        """Which of the fact's wording files fits, "" for the plain one."""
        return ""

    @property
    def wording(self) -> str:
        """The name of the file that holds its words: the class's, with hyphens, and the variant."""
        name = _hyphened(type(self).__name__)
        return f"{name}-{self.variant}" if self.variant else name


@cache
def _hyphened(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


class Subject(Fact):
    """The subject line. ``own`` is the patron's own, "" where it says nothing or must not be shown."""

    own: str
    library: str
    patron: str
    manner: str

    @property
    def variant(self) -> str:
        return self.manner + ("" if self.own else "-neutral")


@dataclass(frozen=True, slots=True)
class Plan:
    """A letter before it has words: paragraphs of facts, in order. ``lines``: each fact on a line of its own."""

    subject: Subject
    paragraphs: tuple[tuple[Fact, ...], ...]
    lines: bool = False


# --- to a patron ---------------------------------------------------------------------------------------------------


class Greeting(Fact):
    """``name`` as the patron gives it, "" where there is none."""

    name: str

    @property
    def variant(self) -> str:
        if not self.name:
            return "unnamed"
        return "full" if " " in self.name else "short"


class Foreign(Fact):
    """The reader's language, ``wanted``, is not one we have words in; the letter is in ``ours``. Both are ISO codes."""

    ours: str
    wanted: str


class Via(Fact):
    """Who passed the message on."""

    colleague: str


class Opening(Fact):
    """What the patron wants and who has it now. ``form`` says how ``words`` can be used; ``who`` is why them, or ""."""

    form: str
    words: str
    desk: str
    who: str

    @property
    def variant(self) -> str:
        return self.form


class Others(Fact):
    """The message asks more than the letter repeats; the reader who has the one has the other."""


class FirstGuess(Fact):
    """The department was guessed before the library had taught anything: it may pass the message on."""


class Said(Fact):
    """What the patron wants, alone."""

    form: str
    words: str

    @property
    def variant(self) -> str:
        return self.form


class Quiet(Fact):
    """The delicate form: nothing is repeated but whom it is about, as a word ("brother"), or "". ``shared``: whoever
    sees to urgent messages has it as well.
    """

    desk: str
    about: str
    unsure: bool
    shared: bool = False

    @property
    def variant(self) -> str:
        return ("unsure" if self.unsure else "sure") + ("" if self.about else "-unsaid")


class Help(Fact):
    """What the library says to do now, where a message is grave; in its own words."""

    words: str


class Unknown(Fact):
    """Nobody could tell who can help; people at ``desk`` will see to it."""

    desk: str


class Added(Fact):
    """What the patron wrote was added to what they asked before; ``again``: most of it had come already."""

    words: str
    desk: str
    again: bool
    quiet: bool

    @property
    def variant(self) -> str:
        if self.quiet:
            return "quiet"
        return ("again" if self.again else "new") + ("" if self.words else "-unsaid")


class Moved(Fact):
    """The patron's own words or link moved it from ``was`` to ``desk``."""

    desk: str
    who: str
    was: str
    link: bool

    @property
    def variant(self) -> str:
        return "link" if self.link else "words"


class Corrected(Fact):
    """It was moved on by ``was``, or by somebody else (``by_them`` is false). ``back``: ``desk`` has had it before.
    ``alone``: nobody but ``was`` and ``desk`` has had it.
    """

    desk: str
    who: str
    was: str
    back: bool
    quiet: bool
    by_them: bool
    alone: bool = False

    @property
    def variant(self) -> str:
        if not self.by_them:
            return "elsewhere-quiet" if self.quiet else "elsewhere"
        return "quiet" if self.quiet else ("back" if self.back else "on")


class HandedOn(Fact):
    """The department that had it is no longer there; ``desk`` has it now."""

    desk: str


class Disputed(Fact):
    """It went from desk to desk, ``was`` the last of them; ``desk`` will see whose it is."""

    desk: str
    was: str


class Bounced(Fact):
    """The mailbox of ``was`` could not take it; ``desk`` has it until then. ``arrived``: it was only a reminder."""

    desk: str
    was: str
    arrived: bool = False

    @property
    def variant(self) -> str:
        return "arrived" if self.arrived else ""


class Late(Fact):
    """The promise of ``missed`` was not kept by ``desk``. ``turn``: for the "first" time, "again", or so often that no
    new day is named ("last"); "untold" where no letter had named that day. ``triage`` are those who have been told, ""
    where ``desk`` are these.
    """

    desk: str
    missed: datetime
    turn: str
    triage: str

    @property
    def variant(self) -> str:
        return self.turn


class Asked(Fact):
    """Whether the answer of ``answered`` helped; one word is reply enough."""

    answered: datetime


class Reopened(Fact):
    """The answer did not help; ``desk`` have it again."""

    desk: str


class Closed(Fact):
    """Closed days before the promise: those worth naming, in order."""

    days_closed: tuple[ClosedDay, ...]


class By(Fact):
    """By when an answer comes. ``still``: that was said before and holds. ``unsure``: nobody knows yet from whom."""

    due: datetime
    still: bool
    unsure: bool = False

    @property
    def variant(self) -> str:
        if self.still:
            return "still"
        return "unsure" if self.unsure else "first"


class Deadline(Fact):
    """The patron's own day, set against ours. ``number``: whom to call where ours is too late, or ""."""

    day_wanted: datetime
    met: bool
    number: str

    @property
    def variant(self) -> str:
        return "met" if self.met else "missed"


class Missing(Fact):
    """What it would help to know: one thing or two, and what the first is good for."""

    ask: str
    second: str
    why: str

    @property
    def variant(self) -> str:
        return "two" if self.second else ("why" if self.why else "one")


class Caution(Fact):
    """What must be said with a question."""

    caution: str


class MoreWords(Fact):
    """Nothing in particular is missing, but a little more would help to tell whose it is."""


class Offered(Fact):
    """What the patron can do without waiting; ``where`` is a link or a telephone number, "" where ``offer`` has it."""

    offer: str
    where: str


class Phone(Fact):
    """The department's telephone. ``until``: it is open today until then."""

    number: str
    until: datetime | None
    urgent: bool

    @property
    def variant(self) -> str:
        return ("urgent" if self.urgent else "calm") + ("-open" if self.until else "")


class Assistant(Fact):
    """A program sorted the message; how to add or correct. ``by``: what it went by, or the occasion."""

    by: str
    words: tuple[str, ...]

    @property
    def variant(self) -> str:
        return self.by


class Signature(Fact):
    """The library's name."""

    library: str
