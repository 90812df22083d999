"""The policy: what happens to a message. ``decide`` reads from top to bottom.

Pure: no database, no clock, no network, no chance. Everything it needs of the store comes in ``Facts``;
what it says is a ``Decision``, a value that can be printed, compared, and stopped at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.case import SATISFIED, UNSATISFIED, Case, Move, Standing, State
from mailbot.classify.prediction import Prediction
from mailbot.correction import route_line
from mailbot.instruction import instruction_in
from mailbot.library import Department, Library, Promise, promise, seen_from
from mailbot.mail.message import Address
from mailbot.mail.thanks import only_thanks
from mailbot.mail.understood import Kind, Understood
from mailbot.mail.verdict import verdict_in
from mailbot.writing.letter import LetterKind, Occasion, Order

ROBOTS = {Kind.AUTO_REPLY, Kind.BULK, Kind.SPAM, Kind.OWN, Kind.EMPTY}


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter of ours that a bounce speaks of: to which department ("" for a person), and why it came back.

    ``permanent`` is false where it is only late; ``handled`` where an earlier bounce told us already.
    """

    kind: LetterKind
    to_patron: bool
    department: str
    failure: str
    permanent: bool
    handled: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that bears on one message.

    ``message`` is its id in the store, ``earlier`` the ids of the case's messages that belong to the inquiry, oldest
    first. ``new_ref`` is the reference a new case would get, ``request`` the patron's wish in their own words.
    ``case`` is the case the message continues. ``colleague`` is true where one of the staff sent it, ``authority``
    where they also proved to be one whom we wrote to (a reply to a letter to staff, or a signed link); ``answers``
    is the kind of our letter that it answers, ``ordered`` the department key of a signed link. ``letters_today``
    counts letters to the writer in the last 24 hours, ``limit`` their greatest number; ``crowded`` is true where the
    mailbox has written as many letters in the last hour as it may.
    ``on_copy`` are departments that have the mail directly. ``returned`` is what a bounce gave back. ``moves`` are the
    ways the case has gone, first to last, ``asked`` is true where a colleague was asked already whose it is, and
    ``desk`` is the department whose letter the message answers ("" for none).
    """

    message: int
    new_ref: str
    request: str = ""
    case: Case | None = None
    earlier: tuple[int, ...] = ()
    colleague: bool = False
    authority: bool = False
    answers: LetterKind | None = None
    ordered: str | None = None
    letters_today: int = 0
    limit: int = 10
    crowded: bool = False
    on_copy: tuple[str, ...] = ()
    returned: ReturnedLetter | None = None
    moves: tuple[Move, ...] = ()
    asked: bool = False
    desk: str = ""

    @property
    def enough(self) -> bool:
        """Whether no more may be written to this sender: the last line of defence against machines that answer."""
        return self.crowded or self.letters_today >= self.limit


@dataclass(frozen=True, slots=True)
class Label:
    """What a message teaches: the department it belongs to, and who says so ("link" or "correction")."""

    department: str
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with one message. ``case`` is the case as it will stand, ``was`` as it stood.

    ``event`` is what the case's history will say has happened (an ``Occasion``, "answered" or "noted"), None where
    no case is concerned. ``promise`` is the promise in force, ``named`` what a colleague called the department,
    ``candidates`` the keys of those they may have meant.
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


def decide(message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime) -> Decision:
    """What happens to this message, and why."""
    if message.kind is Kind.BOUNCE:
        return _bounced(facts, library, now)
    if message.kind in ROBOTS:
        return _left_alone(message, facts)
    if facts.authority:
        return _from_staff(message, facts, library, now)
    writer = message.writer
    if writer is None:
        return _whose(message, facts, library)
    if message.kind is Kind.THANKS or _verdict(writer, message, facts) is not None:
        return _settled(writer, message, facts, prediction, library, now)
    if facts.case is not None and facts.case.patron.key != writer.key:
        return _from_another(writer, message, facts, facts.case, prediction, library, now)
    if facts.case is not None:
        return _continued(message, facts, facts.case, prediction, library, now)
    return _new(writer, message, facts, prediction, library, now)


def _new(
    writer: Address, message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime
) -> Decision:
    """A question nobody has yet: to the best guess, or to triage where the guess is not sure."""
    sure = prediction.sure and prediction.department is not None
    holder = library.department(prediction.department) if sure and prediction.department else library.triage
    due = promise(holder, now, library)
    case = Case(
        ref=facts.new_ref,
        patron=writer,
        subject=message.subject,
        language=message.language,
        holder=holder.key,
        held_by=(holder.key,),
        state=State.OPEN,
        opened=now,
        due=due.due,
        passed_on_by=message.passed_on_by,
        request=facts.request,
        sure=sure,
        answerable=message.answerable,
    )
    occasion = Occasion.ROUTED if sure else Occasion.UNSURE
    why = _because(prediction, holder) if sure else f"not sure enough where it belongs; {holder.name} decides"
    return Decision(
        standing=Standing.ROUTED if sure else Standing.HELD,
        why=why,
        case=case,
        event=occasion.value,
        orders=(
            *_to_patron(message, facts, case, LetterKind.ACKNOWLEDGEMENT, occasion),
            _to_department(LetterKind.FORWARD, occasion, holder, facts.message),
        ),
        promise=due,
    )


def _continued(
    message: Understood, facts: Facts, case: Case, prediction: Prediction, library: Library, now: datetime
) -> Decision:
    """The patron adds to a case: to whoever holds it, unless a link or address in it says otherwise."""
    target = _moved_by_rule(case, prediction, library)
    if target is not None:
        return _moved(message, facts, case, target, library, now)
    holder = library.holder(case.holder)
    after = case if case.state is State.OPEN else case.reopened(promise(holder, now, library).due)
    return Decision(
        standing=Standing.ADDED,
        why=f"added to a case that {holder.name} has",
        case=after,
        was=case,
        event=Occasion.ADDED.value,
        orders=(
            *_to_patron(message, facts, after, LetterKind.UPDATE, Occasion.ADDED),
            _to_department(LetterKind.FORWARD, Occasion.ADDED, holder, facts.message),
        ),
        promise=_standing_promise(after, library, now),
    )


def _moved(
    message: Understood, facts: Facts, case: Case, target: Department, library: Library, now: datetime
) -> Decision:
    """The patron's own link decides: the case moves with its whole history, and everybody concerned is told."""
    due = promise(target, now, library)
    after = case.moved(target.key, due.due)
    return Decision(
        standing=Standing.ADDED,
        why=f"a link in it belongs to {target.name}; the case moved there",
        case=after,
        was=case,
        event=Occasion.MOVED.value,
        orders=(
            *_to_patron(message, facts, after, LetterKind.UPDATE, Occasion.MOVED),
            _to_department(LetterKind.FORWARD, Occasion.MOVED, target, *facts.earlier, facts.message),
            _to_department(LetterKind.UPDATE, Occasion.TAKEN_OFF, library.holder(case.holder)),
        ),
        promise=due,
        label=Label(target.key, "link"),
    )


def _from_staff(message: Understood, facts: Facts, library: Library, now: datetime) -> Decision:
    """One of the staff we wrote to replies: a correction, an answer, or words that reached only the mailbox."""
    case = facts.case
    if case is None:
        return _about_no_case(facts, library)
    named = facts.ordered or route_line(message.text)
    if named is not None:
        target = library.find(named)
        if target is None:
            return _not_known(message, facts, case, named)
        return _believed(message, facts, case, target, library, now)
    to_patron = _reaches(message, case.patron)
    said = instruction_in(message.text, library, case.holder, to_patron=to_patron)
    if said is not None and said.sure:
        return _believed(message, facts, case, library.department(said.departments[0]), library, now)
    if to_patron:
        return _answered(case)
    if said is not None:
        return _unclear(message, facts, case, said.departments, library)
    if only_thanks(message.text, message.subject, True):
        return Decision(Standing.UNANSWERED, "a colleague says thank you", case=case, was=case, event="noted")
    return Decision(
        standing=Standing.HELD,
        why="a colleague's reply reached only the mailbox, not the patron",
        case=case,
        was=case,
        event="noted",
        orders=_to_colleague(Occasion.ONLY_US, message.message.sender, facts),
    )


def _believed(
    message: Understood, facts: Facts, case: Case, target: Department, library: Library, now: datetime
) -> Decision:
    """A colleague's correction is taken at its word, unless an earlier one says otherwise."""
    if target.key != case.holder and _contradicts(message.message.sender, facts, case, target, library):
        return _disputed(facts, case, library, now)
    return corrected(facts, case, target, library, now)


def corrected(facts: Facts, case: Case, target: Department, library: Library, now: datetime) -> Decision:
    """A colleague says whose it is: it moves at once, and what they said is what the next guess learns from."""
    label = Label(target.key, "correction")
    if target.key == case.holder:
        return Decision(
            standing=Standing.ADDED,
            why=f"a colleague confirms that it is with {target.name}",
            case=case,
            was=case,
            event="noted",
            label=label,
        )
    due = promise(target, now, library)
    after = case.moved(target.key, due.due)
    return Decision(
        standing=Standing.ADDED,
        why=f"a colleague moved the case to {target.name}",
        case=after,
        was=case,
        event=Occasion.CORRECTED.value,
        orders=(
            *_update(after, Occasion.CORRECTED),
            _to_department(LetterKind.FORWARD, Occasion.CORRECTED, target, *facts.earlier),
            _to_department(LetterKind.RECEIPT, Occasion.TAKEN_OFF, library.holder(case.holder)),
        ),
        promise=due,
        label=label,
    )


def _contradicts(sender: Address | None, facts: Facts, case: Case, target: Department, library: Library) -> bool:
    """Whether this correction and an earlier one cannot both be right: it sends the case back to a desk that gave it
    up, or comes from one that did and names yet another. Who moved it last may take that back, once; triage decides.
    """
    corrected = [move for move in facts.moves if move.by is not None]
    if case.holder == library.triage.key or not corrected:
        return False
    own = [move for move in corrected if move.by and sender and move.by.key == sender.key]
    if own == corrected[-1:]:
        return False
    gave_up = {move.was for move in corrected}
    return target.key in gave_up or (facts.desk != case.holder and facts.desk in gave_up)


def _disputed(facts: Facts, case: Case, library: Library, now: datetime) -> Decision:
    """Two corrections contradict each other: triage decides, with the history, and neither of them is learnt from."""
    triage = library.triage
    due = promise(triage, now, library)
    after = case.moved(triage.key, due.due, sure=False)
    return Decision(
        standing=Standing.ADDED,
        why=f"two corrections contradict each other; {triage.name} decides",
        case=after,
        was=case,
        event=Occasion.DISPUTED.value,
        orders=(
            *_update(after, Occasion.DISPUTED),
            _to_department(LetterKind.FORWARD, Occasion.DISPUTED, triage, *facts.earlier),
            _to_department(LetterKind.RECEIPT, Occasion.TAKEN_OFF, library.holder(case.holder)),
        ),
        promise=due,
    )


def _unclear(message: Understood, facts: Facts, case: Case, candidates: tuple[str, ...], library: Library) -> Decision:
    """A colleague says that it is somebody else's, not beyond doubt whose: one question back, and never a second."""
    quiet = Decision(
        standing=Standing.HELD,
        why="a colleague's words leave open whose question it is",
        case=case,
        was=case,
        event=Occasion.UNCLEAR.value,
        candidates=candidates,
    )
    if facts.asked:
        order = _to_department(LetterKind.ALERT, Occasion.UNCLEAR, library.triage, facts.message)
        return replace(quiet, why=f"{quiet.why}, for the second time", orders=(order,))
    return replace(quiet, orders=_to_colleague(Occasion.UNCLEAR, message.message.sender, facts))


def _not_known(message: Understood, facts: Facts, case: Case, named: str) -> Decision:
    """No department has that name: nothing moves, and the one who wrote it is told."""
    return Decision(
        standing=Standing.HELD,
        why=f"a colleague named a department that is not known: {named}",
        case=case,
        was=case,
        event="noted",
        orders=_to_colleague(Occasion.NOT_KNOWN, message.message.sender, facts),
        named=named,
    )


def _answered(case: Case) -> Decision:
    """A person has spoken; no letter leaves."""
    return Decision(
        standing=Standing.ADDED,
        why="a colleague answered the patron",
        case=case.answered(),
        was=case,
        event="answered",
    )


def _from_another(
    writer: Address,
    message: Understood,
    facts: Facts,
    case: Case,
    prediction: Prediction,
    library: Library,
    now: datetime,
) -> Decision:
    """Somebody who is not the case's patron writes into its thread.

    A colleague who writes to the patron answers the case, though no letter of ours proves it: the mail is on its
    way to the patron already, and nothing is moved by it. Anybody else has a question of their own.
    """
    if facts.colleague and _reaches(message, case.patron):
        return _answered(case)
    return _new(writer, message, facts, prediction, library, now)


def _thanked(facts: Facts, prediction: Prediction, library: Library) -> Decision:
    """No robot answers a thank-you; the people who helped get to read it."""
    why = "a thank-you, which asks nothing"
    case = facts.case
    if case is None:
        reader = (
            library.department(prediction.department) if prediction.sure and prediction.department else library.triage
        )
        return Decision(
            standing=Standing.UNANSWERED,
            why=why,
            orders=(_to_department(LetterKind.THANKS, Occasion.THANKED, reader, facts.message),),
        )
    desks = [library.department(key) for key in dict.fromkeys(reversed(case.held_by)) if key in library]
    colleague = (
        (Order(LetterKind.THANKS, Occasion.THANKED, case.passed_on_by, carries=(facts.message,)),)
        if case.passed_on_by
        else ()
    )
    return Decision(
        standing=Standing.UNANSWERED,
        why=why,
        case=case,
        was=case,
        event=Occasion.THANKED.value,
        orders=(
            *(_to_department(LetterKind.THANKS, Occasion.THANKED, desk, facts.message) for desk in desks),
            *colleague,
        ),
    )


def _verdict(writer: Address, message: Understood, facts: Facts) -> bool | None:
    """Whether the patron, asked if the answer helped, says just yes or no."""
    if facts.answers is not LetterKind.FOLLOW_UP or facts.case is None or facts.case.patron.key != writer.key:
        return None
    return verdict_in(message.text, writer.name)


def _settled(
    writer: Address, message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime
) -> Decision:
    """A thank-you, or a word on whether the answer helped. Yes closes quietly; with thanks, these are passed on."""
    case, helped = facts.case, _verdict(writer, message, facts)
    if case is None or helped is None:
        return _thanked(facts, prediction, library)
    if not helped:
        return _not_helped(message, facts, case, library, now)
    orders = _thanked(facts, prediction, library).orders if message.kind is Kind.THANKS else ()
    why = "the patron says that the answer helped"
    return Decision(Standing.UNANSWERED, why, case=case, was=case, event=SATISFIED, orders=orders)


def _not_helped(message: Understood, facts: Facts, case: Case, library: Library, now: datetime) -> Decision:
    """The answer did not help: the case is open again, with a new promise."""
    holder = library.holder(case.holder)
    after = case if case.state is State.OPEN else case.reopened(promise(holder, now, library).due)
    return Decision(
        standing=Standing.ADDED,
        why=f"the patron says that the answer did not help; {holder.name} have it again",
        case=after,
        was=case,
        event=UNSATISFIED,
        orders=(
            *_to_patron(message, facts, after, LetterKind.UPDATE, Occasion.REOPENED),
            _to_department(LetterKind.FORWARD, Occasion.REOPENED, holder, *facts.earlier, facts.message),
        ),
        promise=_standing_promise(after, library, now),
    )


def _left_alone(message: Understood, facts: Facts) -> Decision:
    """A machine wrote it: nobody is written to, and nothing in the case changes."""
    return Decision(
        standing=Standing.UNANSWERED,
        why=message.why_not or "no person wrote this",
        case=facts.case,
        was=facts.case,
        event="noted" if facts.case is not None else None,
    )


def _bounced(facts: Facts, library: Library, now: datetime) -> Decision:
    """A letter came back. Only a forward lost to whoever has the case now, or a letter lost to the patron, makes new
    letters: what those bounce into is left alone, so that a dead address can't keep two machines talking.
    """
    returned, case = facts.returned, facts.case
    if returned is None or case is None:
        return Decision(Standing.UNANSWERED, "a bounce of a letter that we did not send")
    lost = returned.permanent and not returned.handled
    if lost and returned.kind is LetterKind.FORWARD and returned.department == case.holder:
        return forward_lost(facts, returned, case, library, now)
    why = f"our letter {'came back' if returned.permanent else 'is late'}: {returned.failure}"
    quiet = Decision(Standing.UNANSWERED, why, case=case, was=case, event="noted", failure=returned.failure)
    if not lost or not returned.to_patron:
        return quiet
    holder = library.holder(case.holder)
    return replace(quiet, orders=(_to_department(LetterKind.ALERT, Occasion.UNREACHED, holder),))


def forward_lost(facts: Facts, returned: ReturnedLetter, case: Case, library: Library, now: datetime) -> Decision:
    """An inquiry is lost until somebody has it: triage gets it with an alert, and the patron hears the truth."""
    triage = library.triage
    after = case if case.holder == triage.key else case.moved(triage.key, case.due)
    return Decision(
        standing=Standing.ROUTED,
        why=f"the forward came back: {returned.failure}; {triage.name} has it until somebody else does",
        case=after,
        was=case,
        event=Occasion.BOUNCED.value,
        orders=(
            _to_department(LetterKind.ALERT, Occasion.BOUNCED, triage, *facts.earlier),
            *_update(after, Occasion.BOUNCED),
        ),
        promise=_standing_promise(after, library, now),
        failure=returned.failure,
    )


def _about_no_case(facts: Facts, library: Library) -> Decision:
    """A colleague answers a letter of ours that belongs to no case: triage reads it, unless it was about thanks."""
    if facts.answers is LetterKind.THANKS:
        return Decision(Standing.UNANSWERED, "a colleague answers a patron's thanks that we passed on")
    return Decision(
        standing=Standing.HELD,
        why="a colleague answers a letter of ours that belongs to no case",
        orders=(_to_department(LetterKind.ALERT, Occasion.WHOSE, library.triage, facts.message),),
    )


def _whose(message: Understood, facts: Facts, library: Library) -> Decision:
    """A colleague passed something on and nobody can tell who wrote it: a person has to say."""
    triage = library.triage
    return Decision(
        standing=Standing.HELD,
        why="passed on by a colleague, and it cannot be told who wrote it first",
        orders=(
            *_to_colleague(Occasion.WHOSE, message.passed_on_by, facts),
            _to_department(LetterKind.ALERT, Occasion.WHOSE, triage, facts.message),
        ),
    )


def _to_patron(
    message: Understood, facts: Facts, case: Case, kind: LetterKind, occasion: Occasion
) -> tuple[Order, ...]:
    """The letter to the patron, or none where none may be sent; never more than the limits."""
    if not message.answerable or facts.enough:
        return ()
    return (Order(kind, occasion, case.patron),)


def _update(case: Case, occasion: Occasion) -> tuple[Order, ...]:
    """A letter to the patron that no message of theirs caused."""
    return (Order(LetterKind.UPDATE, occasion, case.patron),) if case.answerable else ()


def _to_colleague(occasion: Occasion, colleague: Address | None, facts: Facts) -> tuple[Order, ...]:
    """A receipt to one of the staff; never more than the limits, for theirs may be a machine's address."""
    if colleague is None or facts.enough:
        return ()
    return (Order(LetterKind.RECEIPT, occasion, colleague),)


def _to_department(kind: LetterKind, occasion: Occasion, department: Department, *carries: int) -> Order:
    return Order(kind, occasion, Address(department.name, department.email), department.key, carries)


def _moved_by_rule(case: Case, prediction: Prediction, library: Library) -> Department | None:
    """The department a link or address of the message points to, where that is not the holder."""
    if prediction.rule is None or prediction.department in (None, case.holder) or not prediction.sure:
        return None
    return library.department(prediction.department) if prediction.department else None


def _standing_promise(case: Case, library: Library, now: datetime) -> Promise | None:
    """The promise made earlier, seen from now; None where its moment has passed: another letter tells that."""
    if case.due is None or case.due <= now:
        return None
    return seen_from(now, case.due, library.holder(case.holder), library)


def _because(prediction: Prediction, holder: Department) -> str:
    if prediction.rule is not None:
        return f"{prediction.rule} belongs to {holder.name}"
    return prediction.reasons[0] if prediction.reasons else f"reads like a question for {holder.name}"


def _reaches(message: Understood, patron: Address) -> bool:
    return any(address.key == patron.key for address in (*message.message.to, *message.message.cc))
