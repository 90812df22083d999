"""What is known when a message is decided on, what is decided, and the letters that a decision orders. Pure values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.case import ANSWERED, Case, Move, Standing
from mailbot.classify.prediction import Prediction
from mailbot.library import Department, Library, Promise, seen_from
from mailbot.mail.message import Address
from mailbot.mail.understood import Kind, Understood
from mailbot.writing.alarm import grave_in
from mailbot.writing.letter import Attempt, LetterKind, Occasion, Order
from mailbot.writing.mirror import grave

MOST_RECEIPTS = 2
"""About one case, to one colleague in 24 hours: whoever answers each one hears nothing new from the next."""
ROBOTS = frozenset({Kind.AUTO_REPLY, Kind.BULK, Kind.SPAM, Kind.OWN, Kind.EMPTY})


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter of ours that a bounce speaks of: to which department ("" for a person), ``to`` whose address (lower
    case), and why it came back.

    ``permanent`` is false where it is only late; ``handled`` where an earlier bounce told us already.
    """

    kind: LetterKind
    to_patron: bool
    department: str
    failure: str
    permanent: bool
    handled: bool
    to: str = ""


@dataclass(frozen=True, slots=True)
class Relay:
    """A colleague's answer that is to be sent on: ``words`` for the patron ("" for none), and whether it has ``files``.
    ``enough``: no more may be written to the patron today.
    """

    words: str
    files: bool
    enough: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that bears on one message.

    ``message`` is its id in the store, ``earlier`` the ids of the case's messages that belong to the inquiry, oldest
    first, ``replies`` those of the colleagues' answers that the mailbox saw. ``new_ref`` is the reference a new case
    would get, ``request`` the patron's wish in their own words. ``case`` is the case the message continues.
    ``colleague`` is true where one of the staff sent it, ``authority`` where they also proved to be one whom we wrote
    to (a reply to a letter to staff, or a signed link). ``forged`` is the check of the library's own server by which a
    mail from a colleague's address is not a colleague's, "" where there is none; both are false then, and ``claimed``
    is what ``authority`` would be without it. ``answers`` is the kind of our letter that it answers, ``ordered`` the
    department key of a signed link. ``letters_today`` counts letters to the writer in the last 24 hours, ``limit``
    their greatest number; ``crowded`` is true where the mailbox has written as many letters in the last hour as it may.
    ``copies_today`` counts the alerts of the last 24 hours to whom the library names for grave messages. ``on_copy``
    are departments that have the mail directly. ``returned`` is what a bounce gave back. ``moves`` are the ways the
    case has gone, first to last, ``asked`` is true where a colleague was asked already whose it is, and ``desk`` is the
    department whose letter the message answers ("" for none). ``answers_teach`` is true where the library counts a
    department's answer as its saying that the question was theirs. ``admin`` is the address of whoever runs mailbot, ""
    where triage stands in. ``relay`` is the answer in a reply to a department that answers through the mailbox, None
    where there is no such thing. ``old`` is a very old case that the message answers: a new one will follow it;
    ``before`` are the ids of its messages, oldest first. ``elsewhere`` are the addresses at which the case's patron may
    be reached beside their own. ``repeated`` is true where the patron answers a letter of ours in the very words of an
    earlier message of the case, ``receipts`` counts the receipts that the colleague who wrote had about it in the last
    24 hours: whoever goes on so may be a machine. ``grave_before`` is true where anything written in the case before
    was grave. ``question`` are the departments that the letter which the message answers asked a colleague about (keys;
    none where it asked which one), None where it asked nothing. ``among_staff`` is true where the mail is addressed to
    other staff than its writer.
    """

    message: int
    new_ref: str
    request: str = ""
    case: Case | None = None
    earlier: tuple[int, ...] = ()
    replies: tuple[int, ...] = ()
    colleague: bool = False
    authority: bool = False
    forged: str = ""
    claimed: bool = False
    answers: LetterKind | None = None
    ordered: str | None = None
    letters_today: int = 0
    limit: int = 10
    crowded: bool = False
    copies_today: int = 0
    on_copy: tuple[str, ...] = ()
    returned: ReturnedLetter | None = None
    moves: tuple[Move, ...] = ()
    asked: bool = False
    question: tuple[str, ...] | None = None
    desk: str = ""
    answers_teach: bool = False
    admin: str = ""
    relay: Relay | None = None
    among_staff: bool = False
    old: Case | None = None
    before: tuple[int, ...] = ()
    elsewhere: tuple[Address, ...] = ()
    repeated: bool = False
    receipts: int = 0
    grave_before: bool = False

    @property
    def history(self) -> tuple[int, ...]:
        """All that was written in the case before, by the patron and to them, oldest first (ids of messages)."""
        return tuple(sorted({*self.earlier, *self.replies}))

    @property
    def enough(self) -> bool:
        """Whether no more may be written to this sender: the last line of defence against machines that answer."""
        return self.crowded or self.letters_today >= self.limit


@dataclass(frozen=True, slots=True)
class Label:
    """What a message teaches: the department it belongs to, and who says so: the patron's own "link" or "words", a
    department's "answer", or a colleague's "correction".
    """

    department: str
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with one message. ``case`` is the case as it will stand, ``was`` as it stood.

    ``event`` is what the case's history will say has happened (an ``Occasion``, or a word of ``case``), None where
    no case is concerned. ``promise`` is the promise in force, ``named`` what a colleague called the department,
    ``candidates`` the keys of those they may have meant. ``attempt`` is what a forged mail tried.
    """

    standing: Standing
    why: str
    case: Case | None = None
    was: Case | None = None
    event: str | None = None
    orders: tuple[Order, ...] = ()
    promise: Promise | None = None
    label: Label | None = None
    named: str = ""
    candidates: tuple[str, ...] = ()
    failure: str = ""
    attempt: Attempt | None = None


def to_patron(message: Understood, facts: Facts, case: Case, kind: LetterKind, occasion: Occasion) -> tuple[Order, ...]:
    """The letter to the patron, or none where none may be sent; never more than the limits."""
    if not message.reachable or facts.enough or facts.repeated:
        return ()
    return (Order(kind, occasion, case.patron),)


def update_of(case: Case, occasion: Occasion) -> tuple[Order, ...]:
    """A letter to the patron that no message of theirs caused."""
    return (Order(LetterKind.UPDATE, occasion, case.patron),) if case.answerable else ()


def to_colleague(occasion: Occasion, colleague: Address | None, facts: Facts) -> tuple[Order, ...]:
    """A receipt to one of the staff; never more than the limits, for theirs may be a machine's address."""
    if colleague is None or facts.enough or facts.receipts >= MOST_RECEIPTS:
        return ()
    return (Order(LetterKind.RECEIPT, occasion, colleague),)


def shown_at_once(message: Understood, facts: Facts, decision: Decision, library: Library) -> Decision:
    """With a copy to whom the library names where the message is grave, whatever else becomes of it.

    A second pair of eyes, which no limit keeps away from what people write. Of what passes for a machine's, marked as
    spam or sent by a program, that which somebody may have written is shown too, up to as many in a day as one sender
    may get letters: a flood of it must not bury the others. Not shown are an echo of our own letters, and what
    colleagues write of a case: they have seen it.
    """
    to, sender = library.urgent.to.lower(), message.message.sender
    seen = facts.authority or decision.event == ANSWERED or (sender is not None and sender.key == to)
    if not to or seen or not message.meant or not is_grave(message, facts):
        return decision
    if message.kind in ROBOTS and (_may_echo(message, facts) or facts.copies_today >= facts.limit):
        return decision
    carried = [order for order in decision.orders if facts.message in order.carries]
    if any(order.kind is LetterKind.FORWARD and order.to.key == to for order in carried):
        return decision
    occasion = Occasion.URGENT if carried else Occasion.UNHEARD
    copy = Order(LetterKind.ALERT, occasion, Address("", library.urgent.to), carries=(facts.message,))
    why = decision.why if carried else f"{decision.why}; it may be grave, and {library.urgent.to} has a copy"
    return replace(decision, orders=(*decision.orders, copy), why=why)


def is_grave(message: Understood, facts: Facts) -> bool:
    """Whether somebody must see it at once. Of thanks in a case only the words count, which nobody gave yet: the
    subject is that of what they answer.
    """
    if message.kind is Kind.THANKS and facts.case is not None:
        return grave_in(message.text)
    return grave(message)


def _may_echo(message: Understood, facts: Facts) -> bool:
    """Whether a machine's mail answers a letter of ours, and may only repeat it; a filter's mark makes no machine."""
    return facts.answers is not None and (message.kind is not Kind.SPAM or facts.answers is LetterKind.ALERT)


def to_department(kind: LetterKind, occasion: Occasion, department: Department, *carries: int) -> Order:
    """A letter to a department, with the messages of these ids."""
    return Order(kind, occasion, Address(department.name, department.email), department.key, carries)


def standing_promise(case: Case, library: Library, now: datetime) -> Promise | None:
    """The promise made earlier, seen from now; None where its moment has passed: another letter tells that."""
    if case.due is None or case.due <= now:
        return None
    return seen_from(now, case.due, library.holder(case.holder), library)


def reaches(message: Understood, patron: Address, elsewhere: Iterable[Address] = ()) -> bool:
    """Whether the message is addressed to the patron as well, there or where else they may be reached."""
    theirs = {address.key for address in (patron, *elsewhere)}
    return any(address.key in theirs for address in (*message.message.to, *message.message.cc))


def next_best(prediction: Prediction, case: Case, library: Library) -> tuple[str, ...]:
    """To whom a note offers to pass a case on: the keys of the two next-best departments, and of triage."""
    guessed = dict.fromkeys((prediction.department, *(guess.department for guess in prediction.runners_up)))
    others = [key for key in guessed if key and key in library and key != case.holder][:2]
    triage = library.triage.key
    return (*others, *(() if triage in (case.holder, *others) else (triage,)))
