"""The policy for mail from staff: corrections, answers, and words that leave a doubt. Pure, as ``routing`` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mailbot.case import ANSWERED, NOTED, Case, Standing, State
from mailbot.correction import later_route, route_line
from mailbot.decision import (
    Decision,
    Facts,
    Label,
    Relay,
    reaches,
    to_colleague,
    to_department,
    update_of,
)
from mailbot.instruction import Instruction, answer_in, department_in, instruction_in
from mailbot.library import Department, Library, promise
from mailbot.mail.message import Address
from mailbot.mail.thanks import nothing_but_thanks
from mailbot.mail.understood import Understood
from mailbot.writing.letter import LONGEST_REMARK, Attempt, LetterKind, Occasion, Order


def from_staff(message: Understood, facts: Facts, library: Library, now: datetime) -> Decision:
    """One of the staff we wrote to replies: a correction, an answer, or words that reached only the mailbox."""
    case = facts.case
    if case is None:
        return _about_no_case(message, facts, library)
    named = facts.ordered or route_line(message.text)
    if named is not None:
        target = department_in(named, library)
        if target is None:
            return _not_known(message, facts, case, named)
        return _believed(message, facts, case, target, library, now)
    to_patron = reaches(message, case.patron, facts.elsewhere)
    said = instruction_in(message.text, library, case.holder, to_patron=to_patron)
    if said is not None and said.sure:
        return _believed(message, facts, case, library.department(said.departments[0]), library, now)
    if to_patron:
        return answered(facts, case)
    return _to_us_alone(message, facts, case, said, library, now)


def _to_us_alone(
    message: Understood, facts: Facts, case: Case, said: Instruction | None, library: Library, now: datetime
) -> Decision:
    """A reply that the patron does not get, and that does not say beyond doubt whose the question is."""
    if facts.question is not None:
        return _asked_back(message, facts, case, facts.question, library, now)
    if said is not None:
        return _unclear(message, facts, case, said.departments, library)
    later = later_route(message.text)
    if later is not None:
        meant = department_in(later, library)
        return _unclear(message, facts, case, (meant.key,) if meant else (), library)
    return _to_the_mailbox(message, facts, case)


def _asked_back(
    message: Understood, facts: Facts, case: Case, candidates: tuple[str, ...], library: Library, now: datetime
) -> Decision:
    """What a colleague answers whom we asked whose it is: it moves, it stays, or triage reads what they wrote."""
    meant = answer_in(message.text, library, case.holder, candidates)
    if meant is None:
        return _unclear(message, facts, case, candidates, library)
    if meant == case.holder:
        why = f"a colleague says that it stays with {library.holder(case.holder).name}"
        return Decision(Standing.ADDED, why, case=case, was=case, event=NOTED)
    return _believed(message, facts, case, library.department(meant), library, now)


def _to_the_mailbox(message: Understood, facts: Facts, case: Case) -> Decision:
    """A reply that only the mailbox got and that moves nothing: for the patron where the department answers so."""
    if facts.answers is LetterKind.THANKS and case.state is State.ANSWERED:
        why = "a colleague answers a patron's thanks that we passed on"
        return Decision(Standing.UNANSWERED, why, case=case, was=case, event=NOTED)
    if nothing_but_thanks(message.text) and not _has_files(message):
        return Decision(Standing.UNANSWERED, "a colleague says thank you", case=case, was=case, event=NOTED)
    if facts.relay is not None and message.answerable and facts.answers is not LetterKind.THANKS:
        return _sent_on(message, facts, case, facts.relay)
    if facts.among_staff:
        why = "a colleague writes to other staff, with a copy to the mailbox"
        return Decision(Standing.UNANSWERED, why, case=case, was=case, event=NOTED)
    return _only_us(message, facts, case)


def _has_files(message: Understood) -> bool:
    """Whether files came with the words; a picture within the text is mostly part of a signature."""
    return any(not (file.embedded and file.type.startswith("image/")) for file in message.attachments)


def _only_us(message: Understood, facts: Facts, case: Case) -> Decision:
    why = "a colleague's reply reached only the mailbox, not the patron"
    return _handed_back(message, facts, case, Occasion.ONLY_US, why)


def _handed_back(message: Understood, facts: Facts, case: Case, occasion: Occasion, why: str) -> Decision:
    """Nothing moves, and the colleague who wrote is told so: it is for them to go on."""
    return Decision(
        standing=Standing.HELD,
        why=why,
        case=case,
        was=case,
        event=NOTED,
        orders=to_colleague(occasion, message.message.sender, facts),
    )


def _believed(
    message: Understood, facts: Facts, case: Case, target: Department, library: Library, now: datetime
) -> Decision:
    """A colleague's correction is taken at its word, unless an earlier one says otherwise. What they wrote or sent with
    it, and the note can't hold, goes on below the rest.
    """
    if len(message.text) > LONGEST_REMARK or _has_files(message):
        facts = replace(facts, replies=(*facts.replies, facts.message))
    if target.key != case.holder and _contradicts(message.message.sender, facts, case, target, library):
        return _disputed(facts, case, library, now)
    return corrected(facts, case, target, library, now)


def tidied(facts: Facts, case: Case, target: Department, library: Library, now: datetime) -> Decision:
    """Somebody, nobody knows who, moved the message into a department's folder; to be taken as a colleague's word."""
    if _contradicts(None, facts, case, target, library):
        return _disputed(facts, case, library, now)
    why = f"moved into the folder of {target.name} in the mailbox"
    return replace(corrected(facts, case, target, library, now), why=why)


def corrected(facts: Facts, case: Case, target: Department, library: Library, now: datetime) -> Decision:
    """A colleague says whose it is: it moves at once, and what they said is what the next guess learns from."""
    label = Label(target.key, "correction")
    if target.key == case.holder:
        return Decision(
            standing=Standing.ADDED,
            why=f"a colleague confirms that it is with {target.name}",
            case=case,
            was=case,
            event=NOTED,
            label=label,
        )
    why = f"a colleague moved the case to {target.name}"
    return replace(_moved(facts, case, target, Occasion.CORRECTED, why, library, now), label=label)


def _moved(
    facts: Facts,
    case: Case,
    target: Department,
    occasion: Occasion,
    why: str,
    library: Library,
    now: datetime,
    *,
    sure: bool = True,
) -> Decision:
    """By a colleague's doing the case goes on with its whole history, and everybody concerned is told."""
    due = promise(target, now, library)
    after = case.moved(target.key, due.due, sure=sure)
    return Decision(
        standing=Standing.ADDED,
        why=why,
        case=after,
        was=case,
        event=occasion.value,
        orders=(
            *update_of(after, occasion),
            to_department(LetterKind.FORWARD, occasion, target, *facts.history),
            to_department(LetterKind.RECEIPT, Occasion.TAKEN_OFF, library.holder(case.holder)),
        ),
        promise=due,
    )


def _contradicts(sender: Address | None, facts: Facts, case: Case, target: Department, library: Library) -> bool:
    """Whether this correction and an earlier one cannot both be right: it sends the case back to a desk that gave it
    up, or comes from one that did and names yet another. Who moved it last may take that back, once; triage decides.
    """
    corrected = [move for move in facts.moves if move.corrected]
    if case.holder == library.triage.key or not corrected:
        return False
    own = [move for move in corrected if move.by and sender and move.by.key == sender.key]
    if own == corrected[-1:]:
        return False
    gave_up = {move.was for move in corrected}
    return target.key in gave_up or (facts.desk != case.holder and facts.desk in gave_up)


def _disputed(facts: Facts, case: Case, library: Library, now: datetime) -> Decision:
    """Two corrections contradict each other: triage decides, with the history, and neither of them is learnt from."""
    why = f"two corrections contradict each other; {library.triage.name} decides"
    return _moved(facts, case, library.triage, Occasion.DISPUTED, why, library, now, sure=False)


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
        order = to_department(LetterKind.ALERT, Occasion.UNCLEAR, library.triage, facts.message)
        return replace(quiet, why=f"{quiet.why}, for the second time", orders=(order,))
    return replace(quiet, orders=to_colleague(Occasion.UNCLEAR, message.message.sender, facts))


def _not_known(message: Understood, facts: Facts, case: Case, named: str) -> Decision:
    """No department has that name: nothing moves, and the one who wrote it is told."""
    why = f"a colleague named a department that is not known: {named}"
    return replace(_handed_back(message, facts, case, Occasion.NOT_KNOWN, why), named=named)


def answered(facts: Facts, case: Case) -> Decision:
    """A person has spoken; no letter leaves. Where the library says so, and nobody corrected the route, the answer of
    the desk that has it confirms that it was theirs.
    """
    confirmed = (
        facts.answers_teach
        and facts.authority
        and facts.desk == case.holder
        and not any(move.corrected for move in facts.moves)
    )
    return Decision(
        standing=Standing.ADDED,
        why="a colleague answered the patron",
        case=case.answered(),
        was=case,
        event=ANSWERED,
        label=Label(case.holder, "answer") if confirmed else None,
    )


def _sent_on(message: Understood, facts: Facts, case: Case, relay: Relay) -> Decision:
    """A colleague's answer for the patron: it is sent on, and answers the case."""
    if facts.among_staff:
        why = "a colleague's reply went to other staff as well, and may be for them alone"
        return _handed_back(message, facts, case, Occasion.AMONG_STAFF, why)
    if not relay.words and not relay.files:
        why = "a colleague's answer for the patron has no words of their own"
        return _handed_back(message, facts, case, Occasion.UNSAID, why)
    if relay.enough or facts.crowded:
        return _only_us(message, replace(facts, crowded=False), case)
    order = Order(LetterKind.RELAY, Occasion.RELAYED, case.patron, carries=(facts.message,))
    why = "a colleague's answer was sent on to the patron"
    return replace(answered(facts, case), why=why, orders=(order,))


def _about_no_case(message: Understood, facts: Facts, library: Library) -> Decision:
    """A colleague answers a letter of ours that belongs to no case, or to one of which nothing is kept any more. Triage
    reads it where we asked or told them something; of thanks nothing is made, and of a digest or an old matter they
    hear that nobody else will read it.
    """
    if facts.answers is LetterKind.THANKS:
        return Decision(Standing.UNANSWERED, "a colleague answers a patron's thanks that we passed on")
    asked = facts.answers in {LetterKind.RECEIPT, LetterKind.ALERT}
    return Decision(
        standing=Standing.HELD,
        why="a colleague answers a letter of ours that belongs to no case on record",
        orders=(to_department(LetterKind.ALERT, Occasion.WHOSE, library.triage, facts.message),)
        if asked
        else to_colleague(Occasion.NO_CASE, message.message.sender, facts),
    )


def whose(message: Understood, facts: Facts, library: Library) -> Decision:
    """A colleague passed something on and nobody can tell who wrote it: a person has to say."""
    triage = library.triage
    return Decision(
        standing=Standing.HELD,
        why="passed on by a colleague, and it cannot be told who wrote it first",
        orders=(
            *to_colleague(Occasion.WHOSE, message.passed_on_by, facts),
            to_department(LetterKind.ALERT, Occasion.WHOSE, triage, facts.message),
        ),
    )


def forged(message: Understood, facts: Facts, library: Library) -> Decision | None:
    """A mail from a colleague's address that, by the library's own server, is not theirs, tries what only a colleague
    may: nothing happens, and somebody is told. None where it tries nothing of the kind; then it is anybody's mail.
    """
    named = facts.ordered or route_line(message.text) or ""
    attempt = _attempted(message, facts, named)
    if attempt is None:
        return None
    case = facts.case if attempt is not Attempt.HAND_ON else None
    order = Order(LetterKind.ALERT, Occasion.FORGED, Address("", facts.admin), carries=(facts.message,))
    if not facts.admin:
        order = to_department(LetterKind.ALERT, Occasion.FORGED, library.triage, facts.message)
    return Decision(
        standing=Standing.HELD,
        why=f"from a colleague's address, and not theirs by the mail server's own check ({facts.forged})",
        case=case,
        was=case,
        event=Occasion.FORGED.value if case is not None else None,
        orders=(order,),
        named=named,
        failure=facts.forged,
        attempt=attempt,
    )


def _attempted(message: Understood, facts: Facts, named: str) -> Attempt | None:
    """What the mail would have done as a colleague's, or None where a patron may do as much."""
    if message.passed_on_by is not None or message.writer is None:
        return Attempt.HAND_ON
    if facts.claimed and facts.case is not None and named:
        return Attempt.MOVE
    foreign = facts.case is not None and facts.case.patron.key != message.writer.key
    if foreign and facts.case is not None and reaches(message, facts.case.patron, facts.elsewhere):
        return Attempt.ANSWER
    return Attempt.WRITE if facts.claimed or foreign else None
