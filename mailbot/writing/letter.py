"""The values that writing works on: what is to be written (``Order``, ``Scene``) and what was (``Letter``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailbot.case import Case, Move
from mailbot.classify.prediction import Prediction
from mailbot.library import Library, Promise
from mailbot.mail.message import Address
from mailbot.mail.understood import Understood


class LetterKind(StrEnum):
    """The contract's `X-Mailbot-Letter`."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FORWARD = "forward"
    UPDATE = "update"
    RECEIPT = "receipt"
    THANKS = "thanks"
    NUDGE = "nudge"
    ALERT = "alert"
    FOLLOW_UP = "follow-up"
    DIGEST = "digest"
    RELAY = "relay"


class Occasion(StrEnum):
    """What has just happened to the case, as far as a letter has to tell it.

    ``ROUTED``: a new case went to a department; ``UNSURE``: to triage, since nobody could tell.
    ``ADDED``: the patron added something, the holder stays. ``MOVED``: the patron's own words or link moved it.
    ``CORRECTED``: a colleague moved it. ``DISPUTED``: two colleagues contradict each other, triage has it now.
    ``TAKEN_OFF``: to a department, that it is off their desk. ``UNCLEAR``: to a colleague (or, the second time, to
    triage), that their words leave open whose it is.
    ``NOT_KNOWN``: to a colleague, that the department they named is not known and nothing was moved.
    ``THANKED``: the patron said thank you; to those who helped. ``WITHDRAWN``: they took the question back; to whoever
    has it. ``WHOSE``: to a colleague who passed something on:
    whose is it? (Also the alert to triage about it.) ``ONLY_US``: to a colleague, that their reply reached only the
    mailbox and not the patron. ``BOUNCED``: a forward or a reminder came back, triage has it now. ``UNREACHED``: to
    the holder, that our letter to the patron came back; ``UNDELIVERED``: that no server took it. ``FAILED``: to triage,
    that a letter or a message could not be handled; ``COPY_LOST``: that an urgent message's copy came back.
    ``URGENT``: to whom the library names, a copy of a grave message; ``UNHEARD``: of one that nobody else was shown.
    ``RELAYED``: to the patron, a colleague's answer. ``UNSAID``: to a colleague, that their answer had no words;
    ``AMONG_STAFF``: that it went to other staff as well and was not sent on; ``NO_CASE``: that what they answer is
    about no case on record.
    ``FORGED``: to whoever runs mailbot, that a mail from a colleague's address was not theirs.
    ``ORPHANED``: the department that had it is gone, triage has it now.
    ``NUDGED``: to the holder, that the promised moment comes near. ``LATE``: it has passed; to the patron, the holder,
    triage and the department's head. ``ASKED``: to a patron who was answered, whether that helped. ``REOPENED``: they
    said no.
    """

    ROUTED = "routed"
    UNSURE = "unsure"
    ADDED = "added"
    MOVED = "moved"
    CORRECTED = "corrected"
    DISPUTED = "disputed"
    TAKEN_OFF = "taken-off"
    NOT_KNOWN = "not-known"
    UNCLEAR = "unclear"
    THANKED = "thanked"
    WITHDRAWN = "withdrawn"
    WHOSE = "whose"
    ONLY_US = "only-us"
    BOUNCED = "bounced"
    UNREACHED = "unreached"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    COPY_LOST = "copy-lost"
    URGENT = "urgent"
    UNHEARD = "unheard"
    FORGED = "forged"
    RELAYED = "relayed"
    UNSAID = "unsaid"
    AMONG_STAFF = "among-staff"
    NO_CASE = "no-case"
    ORPHANED = "orphaned"
    NUDGED = "nudged"
    LATE = "late"
    ASKED = "asked"
    REOPENED = "reopened"


_TO_PATRON = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.UPDATE, LetterKind.FOLLOW_UP, LetterKind.RELAY})


LONGEST_REMARK = 240
"""Characters of a colleague's words that a note repeats."""


class Attempt(StrEnum):
    """What a mail that only looks like a colleague's would have done."""

    MOVE = "move"
    HAND_ON = "pass-on"
    ANSWER = "answer"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Order:
    """A letter to be written: which, about what, to whom.

    ``department`` is the key of the department it goes to, None where it goes to a patron or one colleague.
    ``carries`` are the ids (of the store) of the messages that travel inside it, oldest first.
    """

    kind: LetterKind
    occasion: Occasion
    to: Address
    department: str | None = None
    carries: tuple[int, ...] = ()

    @property
    def to_patron(self) -> bool:
        """Whether it is the patron's letter, not staff's."""
        return self.department is None and self.kind in _TO_PATRON


@dataclass(frozen=True, slots=True)
class CorrectionLink:
    """One click that moves the case: the department's key and the signed `mailto:` URL."""

    department: str
    url: str


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier labelled question in a few words, which say nothing private, and where it went when (aware)."""

    summary: str
    department: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier message of the case: from whom, when (aware), its new text."""

    writer: Address
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Tie:
    """Another case that a new one has to do with, and the new texts of its messages, as far as they are still kept."""

    case: Case
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on record that a letter may speak of. Nothing else may be said.

    ``case`` is the case after the decision, ``was`` before it (None for a new one). ``understood`` is the message
    that caused the letter, ``prediction`` the guess about it. ``promise`` is the promise in force.
    ``told`` are the kinds and texts of earlier letters to this patron (any case), oldest first; ``history`` the
    earlier messages of this case, oldest first. ``open_cases`` are the patron's other open cases.
    ``named`` is what a colleague called the department (occasion NOT_KNOWN). ``failure`` is why a letter came back,
    or the check that a forged mail failed; ``attempt`` is what that mail tried (FORGED).
    ``reminded`` is true where it was a reminder that came back (BOUNCED), and the question itself had arrived.
    ``answer`` is a colleague's answer as it is sent on (RELAYED), ``thread`` are the Message-IDs of the patron's mails.
    ``on_copy`` are departments that have the mail directly, being in its To or Cc. ``broken`` is how many promises in
    a row that letters had named were not kept, 0 where this one was not named; ``unnamed`` is true where no letter has
    told the patron the promise in force before, ``untold`` is true where no letter goes to the patron about this.
    ``answered`` is when a person last answered. ``candidates`` are the keys of the departments that a colleague may
    have meant (UNCLEAR), ``moves`` the ways the case has gone (DISPUTED). ``alike`` are earlier questions most like it.
    ``earlier`` is the very old case that this one follows, ``maybe`` one that it may belong to, perhaps another
    patron's: that is for staff alone. ``answers_to`` is the case's own address, None where the mailbox has none;
    ``wanted`` is where else than at their address the patron wants answers. ``from_elsewhere`` is true where a move
    was not made by the department that had it before, or nobody knows by whom.
    """

    library: Library
    now: datetime
    understood: Understood
    case: Case
    was: Case | None
    prediction: Prediction | None
    promise: Promise | None
    mailbox: Address
    told: tuple[tuple[LetterKind, str], ...] = ()
    history: tuple[Past, ...] = ()
    open_cases: tuple[Case, ...] = ()
    links: tuple[CorrectionLink, ...] = ()
    on_copy: tuple[str, ...] = ()
    named: str = ""
    failure: str = ""
    reminded: bool = False
    urgent: bool = False
    broken: int = 0
    untold: bool = False
    unnamed: bool = False
    answered: datetime | None = None
    candidates: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    alike: tuple[Alike, ...] = ()
    earlier: Tie | None = None
    maybe: Tie | None = None
    answers_to: Address | None = None
    attempt: Attempt | None = None
    answer: str = ""
    thread: tuple[str, ...] = ()
    wanted: Address | None = None
    from_elsewhere: bool = False

    @property
    def reader(self) -> Address:
        """Where staff answer the patron."""
        return self.wanted or self.case.patron

    def speaker(self, kind: LetterKind) -> tuple[Address, Address]:
        """Whom a letter of that kind is about, and where to answer them: the patron; of thanks, who gave them."""
        writer = self.understood.writer
        if kind is not LetterKind.THANKS or writer is None or writer.key == self.case.patron.key:
            return self.case.patron, self.reader
        return writer, self.understood.answers_to or writer


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, worded. ``text`` is what the reader sees first (for a forward, the note); lines are unwrapped
    paragraphs, plain text. ``sources`` says, fact by fact, which record stands behind it.
    ``reply_to`` is empty where replies go to ``sender``. ``to_patron``: it is the patron's letter, not staff's.
    """

    kind: LetterKind
    case_ref: str
    sender: Address
    to: Address
    reply_to: tuple[Address, ...]
    subject: str
    text: str
    language: str
    in_reply_to: str
    references: tuple[str, ...]
    carries: tuple[int, ...]
    sources: tuple[tuple[str, str], ...] = ()
    to_patron: bool = False
