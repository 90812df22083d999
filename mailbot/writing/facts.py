"""What a letter may say, as typed facts. Each carries the records that it stands in.

A fact is one sentence or one line of a letter; its words are in ``templates/<language>/<wording>.txt``, and the fields
of the fact are the variables that those words may use. A fact without a record behind it cannot be made. Knows
neither words nor languages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
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


# --- to a patron ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting(Fact):
    """``name`` as the patron gives it, "" where there is none."""

    name: str

    @property
    def variant(self) -> str:
        if not self.name:
            return "unnamed"
        return "full" if " " in self.name else "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign(Fact):
    """The reader's language, ``wanted``, is not one we have words in; the letter is in ``ours``. Both are ISO codes."""

    ours: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Via(Fact):
    """Who passed the message on."""

    colleague: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Fact):
    """What the patron wants and who has it now. ``form`` says how ``words`` can be used; ``who`` is why them, or ""."""

    form: str
    words: str
    desk: str
    who: str

    @property
    def variant(self) -> str:
        return self.form


@dataclass(frozen=True, slots=True, kw_only=True)
class Others(Fact):
    """The message asks more than the letter repeats; the reader who has the one has the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstGuess(Fact):
    """The department was guessed before the library had taught anything: it may pass the message on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Fact):
    """What the patron wants, alone."""

    form: str
    words: str

    @property
    def variant(self) -> str:
        return self.form


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Fact):
    """What the library says to do now, where a message is grave; in its own words."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Fact):
    """Nobody could tell who can help; people at ``desk`` will see to it."""

    desk: str


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Fact):
    """The patron's own words or link moved it from ``was`` to ``desk``."""

    desk: str
    who: str
    was: str
    link: bool

    @property
    def variant(self) -> str:
        return "link" if self.link else "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Fact):
    """A colleague moved it on. ``back``: the department has had it before."""

    desk: str
    who: str
    was: str
    back: bool
    quiet: bool

    @property
    def variant(self) -> str:
        return "quiet" if self.quiet else ("back" if self.back else "on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed(Fact):
    """It went from desk to desk, ``was`` the last of them; ``desk`` will see whose it is."""

    desk: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced(Fact):
    """The department's own mailbox could not take it; ``desk`` has it until then."""

    desk: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Late(Fact):
    """The promise of ``missed`` was not kept by ``desk``. ``turn``: for the "first" time, "again", or so often that no
    new day is named ("last"). ``triage`` are those who have been told, "" where ``desk`` are these.
    """

    desk: str
    missed: datetime
    turn: str
    triage: str

    @property
    def variant(self) -> str:
        return self.turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Fact):
    """Whether the answer of ``answered`` helped; one word is reply enough."""

    answered: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    """The answer did not help; ``desk`` have it again."""

    desk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    """Closed days before the promise: those worth naming, in order."""

    days_closed: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Fact):
    """The patron's own day, set against ours. ``number``: whom to call where ours is too late, or ""."""

    day_wanted: datetime
    met: bool
    number: str

    @property
    def variant(self) -> str:
        return "met" if self.met else "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Fact):
    """What it would help to know: one thing or two, and what the first is good for."""

    ask: str
    second: str
    why: str

    @property
    def variant(self) -> str:
        return "two" if self.second else ("why" if self.why else "one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution(Fact):
    """What must be said with a question."""

    caution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreWords(Fact):
    """Nothing in particular is missing, but a little more would help to tell whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Fact):
    """What the patron can do without waiting; ``where`` is a link or a telephone number, "" where ``offer`` has it."""

    offer: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Fact):
    """The department's telephone. ``until``: it is open today until then."""

    number: str
    until: datetime | None
    urgent: bool

    @property
    def variant(self) -> str:
        return ("urgent" if self.urgent else "calm") + ("-open" if self.until else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant(Fact):
    """A program sorted the message; how to add or correct. ``by``: what it went by, or the occasion."""

    by: str
    words: tuple[str, ...]

    @property
    def variant(self) -> str:
        return self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature(Fact):
    """The library's name."""

    library: str


# --- to staff ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFlag(Fact):
    """What must be known first: that it is urgent, delicate or both."""

    flag: str

    @property
    def variant(self) -> str:
        return self.flag


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHead(Fact):
    """For whom, and what has happened."""

    occasion: str
    desk: str

    @property
    def variant(self) -> str:
        return self.occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAsked(Fact):
    """Who wrote and what they want, in their words, or "". ``adds``: to a question the reader has already."""

    patron: str
    words: str
    adds: bool

    @property
    def variant(self) -> str:
        return ("adds" if self.adds else "new") + ("" if self.words else "-unsaid")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVia(Fact):
    """Who passed it on."""

    colleague: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWhy(Fact):
    """Why it is here: the ``link`` or the ``words`` that decided."""

    link: str
    words: tuple[str, ...]

    @property
    def variant(self) -> str:
        return "link" if self.link else "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSecond(Fact):
    """The runner-up, and the words that spoke for it."""

    second: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFirstGuess(Fact):
    """It came here by a guess made before the library had taught anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteGuesses(Fact):
    """The best guesses by name, best first, with the ``words`` for the first. ``later``: after something was added."""

    guesses: tuple[str, ...]
    words: tuple[str, ...]
    later: bool

    @property
    def variant(self) -> str:
        return "later" if self.later else "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAlso(Fact):
    """A second request in the message, in its own ``words``, that may be one for ``desk``."""

    words: str
    desk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNamed(Fact):
    """The colleague who passed it on named these departments."""

    colleague: str
    desks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAlike(Fact):
    """Earlier questions most like this one, each in a few words, and who had them."""

    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrained(Fact):
    """Model ``version`` was right in so many of its sure guesses of those ``judged``, less than ``target`` per cent: it
    has to be surer from now on, or (``never``) asks triage about everything.
    """

    version: str
    right: int
    judged: int
    target: int
    never: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNoGuess(Fact):
    """No department covers what the message is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFrom(Fact):
    """Who had it before, and what brought it here: ``by`` a colleague with ``remark``, some colleague's ``hand``, or
    the patron.
    """

    was: str
    by: str
    link: bool
    remark: str
    hand: bool

    @property
    def variant(self) -> str:
        if self.by:
            return "colleague"
        if self.hand:
            return "hand"
        return "link" if self.link else "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMove(Fact):
    """One step of the way the question has gone: ``was`` is "" for the first, ``by`` where no colleague moved it."""

    at: datetime
    was: str
    desk: str
    by: str

    @property
    def variant(self) -> str:
        if not self.was:
            return "first"
        return "colleague" if self.by else "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTold(Fact):
    """By when the patron was told to expect an answer. ``still``: in an earlier letter."""

    patron: str
    due: datetime
    still: bool

    @property
    def variant(self) -> str:
        return "before" if self.still else "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCopy(Fact):
    """The patron also wrote to the reader directly."""

    patron: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCopyOthers(Fact):
    """The patron wrote to other departments too."""

    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLanguage(Fact):
    """The language it is written in, as an ISO code."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOpen(Fact):
    """What else this patron has open: a subject, or "", and who has it."""

    subject: str
    desk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLeftOut(Fact):
    """What was too large to send on: ``files`` by name and size, or none where all but the text was.

    ``mailbox`` and ``folder`` are where the whole message lies, ``name`` is its Message-ID, or "".
    """

    files: tuple[str, ...]
    mailbox: str
    folder: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReply(Fact):
    """How to answer, and how to pass on: ``suggested`` is a department's key, as an example. ``relay``: the answer goes
    to the mailbox and is sent on.
    """

    patron: str
    suggested: str
    triage: bool
    relay: bool = False

    @property
    def variant(self) -> str:
        return ("triage" if self.triage else "desk") + ("-relay" if self.relay else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLink(Fact):
    """One click that passes it on."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OffDesk(Fact):
    """The question is no longer with the reader. ``cause``: "link" or "words" of the patron's, or "colleague"."""

    patron: str
    subject: str
    desk: str
    cause: str

    @property
    def variant(self) -> str:
        return self.cause


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKnown(Fact):
    """A department nobody knows was named; nothing was moved. ``nearest`` is a key, or ""."""

    named: str
    nearest: str
    known: tuple[str, ...]
    desk: str
    patron: str

    @property
    def variant(self) -> str:
        return "near" if self.nearest else "far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear(Fact):
    """A colleague's words leave open whose question it is. ``key``: the one department they may mean, or "".

    ``asker``: the reader wrote them; otherwise ``colleague`` did, and was asked before.
    """

    asker: bool
    colleague: str
    key: str
    known: tuple[str, ...]
    desk: str
    patron: str

    @property
    def variant(self) -> str:
        if not self.asker:
            return "triage"
        return "near" if self.key else "far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks(Fact):
    """A thank-you, word for word."""

    patron: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose(Fact):
    """Nobody can tell who wrote first. ``asker``: the reader passed it on; otherwise ``colleague`` did, if known."""

    asker: bool
    colleague: str
    subject: str

    @property
    def variant(self) -> str:
        return "asker" if self.asker else "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyUs(Fact):
    """A colleague's answer reached the mailbox and not the patron."""

    patron: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost(Fact):
    """A forward came back. ``failure`` is the server's reason, in its words."""

    patron: str
    was: str
    failure: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached(Fact):
    """Our letter to the patron came back. ``answer``: it was a colleague's answer, sent on."""

    patron: str
    address: str
    failure: str
    answer: bool = False

    @property
    def variant(self) -> str:
        return "answer" if self.answer else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid(Fact):
    """A colleague's reply that was to be sent on has no words of their own in it."""

    patron: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNudge(Fact):
    """The promised moment comes near, and no answer has been seen. ``subject`` is the patron's, or ""."""

    patron: str
    subject: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLate(Fact):
    """The promise of ``missed`` has passed. ``desk`` is who has it, ``reader`` "desk" for them, "others" for those
    who can do something about it. ``number`` is the desk's telephone, or "".
    """

    reader: str
    patron: str
    subject: str
    desk: str
    missed: datetime
    number: str

    @property
    def variant(self) -> str:
        return self.reader


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteToldLate(Fact):
    """What the patron was told about it: the new day, "new"; that no day is named any more, "none"; "nothing"."""

    patron: str
    told: str
    due: datetime | None

    @property
    def variant(self) -> str:
        return self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAnswer(Fact):
    """How to answer the patron, and how the library learns of it. ``relay``: the answer is sent on."""

    patron: str
    relay: bool = False

    @property
    def variant(self) -> str:
        return "relay" if self.relay else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestHead(Fact):
    """How many questions the department has open, and how many of them are listed below."""

    desk: str
    number: int
    listed_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestCase(Fact):
    """One open question: from whom, about what ("" where that is not said), by when; ``late``: that has passed."""

    patron: str
    subject: str
    due: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDay(Fact):
    """What came in the last 24 hours, and how it was booked."""

    received: int
    waiting: int
    routed: int
    added: int
    held: int
    unanswered: int
    failed: int
    letters_failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDesk(Fact):
    """How many questions one department has open, and how many of them are late."""

    desk: str
    number: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Fact):
    """A letter or a message could not be handled."""

    patron: str
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forged(Fact):
    """A mail from a colleague's address, ``sender``, is not theirs by ``check``. ``attempt``: "move" (to ``named``),
    "pass-on", "answer" or "write" is what it would have done.
    """

    sender: str
    attempt: str
    check: str
    patron: str
    named: str

    @property
    def variant(self) -> str:
        return self.attempt


@dataclass(frozen=True, slots=True, kw_only=True)
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
