"""What a letter to staff may say, as typed facts: the note on a forward, the short letters, the digests.

They are facts as in ``facts``, which knows the rules and owns what a patron may be told.
"""

from __future__ import annotations

from datetime import datetime

from mailbot.writing.facts import Fact


class NoteFlag(Fact):
    """What must be known first: that it is urgent, delicate or both."""

    flag: str

    @property
    def variant(self) -> str:
        return self.flag


class NoteHead(Fact):
    """For whom, and what has happened."""

    occasion: str
    desk: str

    @property
    def variant(self) -> str:
        return self.occasion


class NoteAsked(Fact):
    """Who wrote and what they want, in their words, or "". ``adds``: to a question the reader has already."""

    patron: str
    words: str
    adds: bool

    @property
    def variant(self) -> str:
        return ("adds" if self.adds else "new") + ("" if self.words else "-unsaid")


class NoteVia(Fact):
    """Who passed it on."""

    colleague: str


class NoteWhy(Fact):
    """Why it is here: the ``link`` or the ``words`` that decided."""

    link: str
    words: tuple[str, ...]

    @property
    def variant(self) -> str:
        return "link" if self.link else "words"


class NoteSecond(Fact):
    """The runner-up, and the words that spoke for it."""

    second: str
    against: tuple[str, ...]


class NoteFirstGuess(Fact):
    """It came here by a guess made before the library had taught anything."""


class NoteGuesses(Fact):
    """The best guesses by name, best first, with the ``words`` for the first. ``later``: after something was added."""

    guesses: tuple[str, ...]
    words: tuple[str, ...]
    later: bool

    @property
    def variant(self) -> str:
        return "later" if self.later else "first"


class NoteAlso(Fact):
    """A second request in the message, in its own ``words``, that may be one for ``desk``."""

    words: str
    desk: str


class NoteNamed(Fact):
    """The colleague who passed it on named these departments."""

    colleague: str
    desks: tuple[str, ...]


class NoteAlike(Fact):
    """Earlier questions most like this one, each in a few words, and who had them."""

    questions: tuple[tuple[str, str], ...]


class Unread(Fact):
    """The mailbox of that name was last read at ``since``; ``overdue`` answers were due from there meanwhile."""

    mailbox: str
    since: datetime
    overdue: int


class Restrained(Fact):
    """Model ``version`` was right in so many of its sure guesses of those ``judged``, less than ``target`` per cent: it
    has to be surer from now on, or (``never``) asks triage about everything.
    """

    version: str
    right: int
    judged: int
    target: int
    never: bool


class NoteNoGuess(Fact):
    """No department covers what the message is about."""


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


class NoteTold(Fact):
    """By when the patron was told to expect an answer. ``still``: in an earlier letter."""

    patron: str
    due: datetime
    still: bool

    @property
    def variant(self) -> str:
        return "before" if self.still else "now"


class NoteCopy(Fact):
    """The patron also wrote to the reader directly."""

    patron: str


class NoteCopyOthers(Fact):
    """The patron wrote to other departments too."""

    others: tuple[str, ...]


class NoteLanguage(Fact):
    """The language it is written in, as an ISO code."""

    code: str


class NoteOpen(Fact):
    """What else this patron has open: a subject, or "", and who has it."""

    subject: str
    desk: str


class NoteLeftOut(Fact):
    """What was too large to send on: ``files`` by name and size, or none where all but the text was.

    ``mailbox`` and ``folder`` are where the whole message lies, ``name`` is its Message-ID, or "".
    """

    files: tuple[str, ...]
    mailbox: str
    folder: str
    name: str


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


class NoteLink(Fact):
    """One click that passes it on."""

    name: str
    url: str


class OffDesk(Fact):
    """The question is no longer with the reader. ``cause``: "link" or "words" of the patron's, or "colleague"."""

    patron: str
    subject: str
    desk: str
    cause: str

    @property
    def variant(self) -> str:
        return self.cause


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


class Thanks(Fact):
    """A thank-you, word for word."""

    patron: str
    text: str


class Withdrawn(Fact):
    """The patron took the question back, word for word."""

    patron: str
    text: str


class Whose(Fact):
    """Nobody can tell who wrote first. ``asker``: the reader passed it on; otherwise ``colleague`` did, if known."""

    asker: bool
    colleague: str
    subject: str

    @property
    def variant(self) -> str:
        return "asker" if self.asker else "triage"


class OnlyUs(Fact):
    """A colleague's answer reached the mailbox and not the patron."""

    patron: str
    address: str


class Lost(Fact):
    """A forward came back. ``failure`` is the server's reason, in its words. ``arrived``: it was only a reminder."""

    patron: str
    was: str
    failure: str
    number: str
    arrived: bool = False

    @property
    def variant(self) -> str:
        return "arrived" if self.arrived else ""


class CopyLost(Fact):
    """The copy of an urgent message came back. ``address`` is whose it was."""

    patron: str
    address: str
    failure: str


class Unreached(Fact):
    """Our letter to the patron came back. ``answer``: it was a colleague's answer, sent on."""

    patron: str
    address: str
    failure: str
    answer: bool = False

    @property
    def variant(self) -> str:
        return "answer" if self.answer else ""


class Undelivered(Unreached):
    """Our letter to the patron never left, or a colleague's answer that was to be sent on. ``failure`` is why, as the
    server said it.
    """


class Unsaid(Fact):
    """A colleague's reply that was to be sent on has no words of their own in it."""

    patron: str


class NoCase(Fact):
    """A colleague's mail answers a letter of ours about nothing on record. ``subject`` is that mail's."""

    subject: str


class AmongStaff(Fact):
    """A colleague's reply that might be sent on went to other staff too. ``mailbox`` is where answers are for."""

    patron: str
    mailbox: str


class NoteNudge(Fact):
    """The promised moment comes near, and no answer has been seen. ``subject`` is the patron's, or ""."""

    patron: str
    subject: str
    due: datetime


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


class NoteToldLate(Fact):
    """What the patron was told about it: the new day, "new"; that no day is named any more, "none"; "nothing"."""

    patron: str
    told: str
    due: datetime | None

    @property
    def variant(self) -> str:
        return self.told


class NoteAnswer(Fact):
    """How to answer the patron, and how the library learns of it. ``relay``: the answer is sent on."""

    patron: str
    relay: bool = False

    @property
    def variant(self) -> str:
        return "relay" if self.relay else ""


class DigestHead(Fact):
    """How many questions the department has open, and how many of them are listed below."""

    desk: str
    number: int
    listed_number: int


class DigestCase(Fact):
    """One open question: from whom, about what ("" where that is not said), by when; ``late``: that has passed."""

    patron: str
    subject: str
    due: datetime | None
    late: bool


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


class DigestDesk(Fact):
    """How many questions one department has open, and how many of them are late."""

    desk: str
    number: int
    late: int


class Failed(Fact):
    """A letter or a message could not be handled."""

    patron: str
    failure: str


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
