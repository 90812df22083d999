"""The policy: what happens to a message. ``decide`` reads from top to bottom.

Pure: no database, no clock, no network, no chance. Everything it needs of the store comes in ``Facts``;
what it says is a ``Decision``, a value that can be printed, compared, and stopped at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from mailbot.case import NOTED, SATISFIED, UNSATISFIED, Case, Standing, State
from mailbot.classify.prediction import Prediction
from mailbot.colleagues import answered, forged, from_staff, whose
from mailbot.decision import (
    ROBOTS,
    Decision,
    Facts,
    Label,
    ReturnedLetter,
    is_grave,
    reaches,
    shown_at_once,
    standing_promise,
    to_department,
    to_patron,
    update_of,
)
from mailbot.instruction import instruction_in
from mailbot.library import Department, Library, promise
from mailbot.mail.message import Address
from mailbot.mail.thanks import nothing_but_thanks
from mailbot.mail.understood import Kind, Understood
from mailbot.mail.verdict import verdict_in
from mailbot.mail.withdrawal import takes_back
from mailbot.writing.letter import LetterKind, Occasion, Order


def decide(message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime) -> Decision:
    """What happens to this message, and why; a grave one is shown at once, whatever else happens."""
    decision = _policy(message, facts, prediction, library, now)
    return shown_at_once(message, facts, decision, library)


def _policy(message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime) -> Decision:
    if message.kind is Kind.BOUNCE:
        return _bounced(facts, library, now)
    if message.kind in ROBOTS:
        return _left_alone(message, facts)
    if (of_staff := _of_staff(message, facts, library, now)) is not None:
        return of_staff
    writer = message.writer
    if writer is None:
        return whose(message, facts, library)
    if (last_word := _last_word(writer, message, facts, prediction, library, now)) is not None:
        return last_word
    if facts.case is not None and facts.case.patron.key != writer.key:
        return _from_another(writer, message, facts, facts.case, prediction, library, now)
    if facts.case is not None:
        return _continued(message, facts, facts.case, prediction, library, now)
    return _new(writer, message, facts, prediction, library, now)


def _of_staff(message: Understood, facts: Facts, library: Library, now: datetime) -> Decision | None:
    """What a colleague's mail decides, or what only looks like one; None where it is to be read as anybody's."""
    if facts.authority:
        return from_staff(message, facts, library, now)
    return forged(message, facts, library) if facts.forged else None


def _last_word(
    writer: Address, message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime
) -> Decision | None:
    """What a patron says who wants no answer to it; None where it is to be read as anybody's."""
    if (taken_back := _taken_back(writer, message, facts, library)) is not None:
        return taken_back
    if _only_thanks(message, facts) or _verdict(writer, message, facts) is not None:
        return _settled(writer, message, facts, prediction, library, now)
    return None


def _new(
    writer: Address, message: Understood, facts: Facts, prediction: Prediction, library: Library, now: datetime
) -> Decision:
    """A question nobody has yet: to the best guess, or to triage where the guess is not sure.

    Where it answers a case so old that nobody has it in mind, that one's messages travel below it.
    """
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
        answerable=message.reachable,
        follows=facts.old.ref if facts.old is not None else "",
    )
    occasion = Occasion.ROUTED if sure else Occasion.UNSURE
    why = _because(prediction, holder) if sure else f"not sure enough where it belongs; {holder.name} decides"
    return Decision(
        standing=Standing.ROUTED if sure else Standing.HELD,
        why=why,
        case=case,
        event=occasion.value,
        orders=(
            *to_patron(message, facts, case, LetterKind.ACKNOWLEDGEMENT, occasion),
            to_department(LetterKind.FORWARD, occasion, holder, facts.message, *facts.before),
        ),
        promise=due,
    )


def _continued(
    message: Understood, facts: Facts, case: Case, prediction: Prediction, library: Library, now: datetime
) -> Decision:
    """The patron adds to a case: to whoever holds it, unless a link or address in it, or plain words, say otherwise."""
    target = _moved_by_rule(case, prediction, library)
    if target is not None:
        return _moved(message, facts, case, target, "link", library, now)
    target = _moved_by_words(message, case, prediction, library)
    if target is not None:
        return _moved(message, facts, case, target, "words", library, now)
    holder, after = library.holder(case.holder), _owed(case, library, now)
    return Decision(
        standing=Standing.ADDED,
        why=f"added to a case that {holder.name} has",
        case=after,
        was=case,
        event=Occasion.ADDED.value,
        orders=(
            *to_patron(message, facts, after, LetterKind.UPDATE, Occasion.ADDED),
            to_department(LetterKind.FORWARD, Occasion.ADDED, holder, facts.message),
            *_given_up(facts, after, library, now),
        ),
        promise=standing_promise(after, library, now),
    )


def _given_up(facts: Facts, case: Case, library: Library, now: datetime) -> tuple[Order, ...]:
    """To triage, where the patron writes again and no day is promised any more: nobody else is reminded of it."""
    triage = library.triage
    if case.due is None or now - case.due < timedelta(days=1) or case.holder == triage.key:
        return ()
    return (to_department(LetterKind.ALERT, Occasion.LATE, triage, *facts.history, facts.message),)


def _moved(
    message: Understood, facts: Facts, case: Case, target: Department, by: str, library: Library, now: datetime
) -> Decision:
    """The patron's own "link" or "words" decide: the case moves with its whole history, and everybody concerned is
    told.
    """
    due = promise(target, now, library)
    after = case.moved(target.key, due.due)
    return Decision(
        standing=Standing.ADDED,
        why=f"{'a link in it belongs to' if by == 'link' else 'it asks for'} {target.name}; the case moved there",
        case=after,
        was=case,
        event=Occasion.MOVED.value,
        orders=(
            *to_patron(message, facts, after, LetterKind.UPDATE, Occasion.MOVED),
            to_department(LetterKind.FORWARD, Occasion.MOVED, target, *facts.history, facts.message),
            to_department(LetterKind.UPDATE, Occasion.TAKEN_OFF, library.holder(case.holder)),
        ),
        promise=due,
        label=Label(target.key, by),
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
    if facts.colleague and reaches(message, case.patron, facts.elsewhere):
        return answered(facts, case)
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
            orders=(to_department(LetterKind.THANKS, Occasion.THANKED, reader, facts.message),),
        )
    return Decision(
        standing=Standing.UNANSWERED,
        why=why,
        case=case,
        was=case,
        event=Occasion.THANKED.value,
        orders=_to_all_who_had_it(Occasion.THANKED, facts, case, library),
    )


def _taken_back(writer: Address, message: Understood, facts: Facts, library: Library) -> Decision | None:
    """The patron takes back what nobody has answered yet: nothing is owed any more, and whoever has it is told. None
    where they may want anything else, or where somebody must see to it all the same.
    """
    case = facts.case
    if case is None or case.state is not State.OPEN or case.patron.key != writer.key or message.attachments:
        return None
    if not takes_back(message.text, writer.name) or is_grave(message, facts) or facts.grave_before:
        return None
    return Decision(
        standing=Standing.UNANSWERED,
        why="the patron takes the question back",
        case=case.answered(),
        was=case,
        event=Occasion.WITHDRAWN.value,
        orders=_to_all_who_had_it(Occasion.WITHDRAWN, facts, case, library),
    )


def _to_all_who_had_it(occasion: Occasion, facts: Facts, case: Case, library: Library) -> tuple[Order, ...]:
    """What the patron says last, to every department that had the case, the last first, and to who passed it on."""
    desks = [library.department(key) for key in dict.fromkeys(reversed(case.held_by)) if key in library]
    to_desks = (to_department(LetterKind.THANKS, occasion, desk, facts.message) for desk in desks)
    if case.passed_on_by is None:
        return tuple(to_desks)
    return (*to_desks, Order(LetterKind.THANKS, occasion, case.passed_on_by, carries=(facts.message,)))


def _only_thanks(message: Understood, facts: Facts) -> bool:
    """Whether somebody says thank you, and nothing grave with it: that is heard as any word that cannot wait."""
    return message.kind is Kind.THANKS and not is_grave(message, facts)


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
    if case is not None and helped is None and _may_tell_more(writer, message, case):
        return _told_with_thanks(facts, case, library, now)
    if case is None or helped is None:
        return _thanked(facts, prediction, library)
    if not helped:
        return _not_helped(message, facts, case, library, now)
    orders = _thanked(facts, prediction, library).orders if _only_thanks(message, facts) else ()
    why = "the patron says that the answer helped"
    return Decision(Standing.UNANSWERED, why, case=case, was=case, event=SATISFIED, orders=orders)


def _may_tell_more(writer: Address, message: Understood, case: Case) -> bool:
    """Whether a patron who still waits for an answer says more than thanks: "Thanks, the author is Price"."""
    return case.state is State.OPEN and case.patron.key == writer.key and not nothing_but_thanks(message.text)


def _told_with_thanks(facts: Facts, case: Case, library: Library, now: datetime) -> Decision:
    """What is said beside thanks goes to whoever has the case, and stays with it; the patron, who asks nothing, gets no
    letter for it.
    """
    holder = library.holder(case.holder)
    return Decision(
        standing=Standing.ADDED,
        why=f"thanks, and perhaps more than that; {holder.name} have it with the rest",
        case=case,
        was=case,
        event=Occasion.THANKED.value,
        orders=(to_department(LetterKind.FORWARD, Occasion.ADDED, holder, facts.message),),
        promise=standing_promise(case, library, now),
    )


def _not_helped(message: Understood, facts: Facts, case: Case, library: Library, now: datetime) -> Decision:
    """The answer did not help: the case is open again, with a new promise."""
    holder, after = library.holder(case.holder), _owed(case, library, now)
    return Decision(
        standing=Standing.ADDED,
        why=f"the patron says that the answer did not help; {holder.name} have it again",
        case=after,
        was=case,
        event=UNSATISFIED,
        orders=(
            *to_patron(message, facts, after, LetterKind.UPDATE, Occasion.REOPENED),
            to_department(LetterKind.FORWARD, Occasion.REOPENED, holder, *facts.history, facts.message),
        ),
        promise=standing_promise(after, library, now),
    )


def _left_alone(message: Understood, facts: Facts) -> Decision:
    """A machine wrote it: nobody is written to, and nothing in the case changes."""
    return Decision(
        standing=Standing.UNANSWERED,
        why=message.why_not or "no person wrote this",
        case=facts.case,
        was=facts.case,
        event=NOTED if facts.case is not None else None,
    )


def _bounced(facts: Facts, library: Library, now: datetime) -> Decision:
    """A letter came back. Only a forward lost to whoever has the case now, or a letter lost to the patron of an open
    case, makes new letters: what those bounce into is left alone, so that a dead address can't keep two machines
    talking.
    """
    returned, case = facts.returned, facts.case
    if returned is None:
        return Decision(Standing.UNANSWERED, "a bounce of a letter that we did not send")
    if case is None:
        return Decision(
            Standing.UNANSWERED, f"our letter, which is about nothing on record, came back: {returned.failure}"
        )
    lost = returned.permanent and not returned.handled
    if lost and returned.kind is LetterKind.RELAY:
        return answer_lost(returned, case, Occasion.UNREACHED, library, now)
    if lost and is_question_lost(returned.kind, returned.department, case):
        return forward_lost(facts, returned, case, library, now)
    if lost and _is_copy(returned, library):
        return _copy_lost(facts, returned, case, library)
    why = f"our letter {'came back' if returned.permanent else 'is late'}: {returned.failure}"
    quiet = Decision(Standing.UNANSWERED, why, case=case, was=case, event=NOTED, failure=returned.failure)
    if not lost or not returned.to_patron or case.state is not State.OPEN:
        return quiet
    holder = library.holder(case.holder)
    return replace(quiet, orders=(to_department(LetterKind.ALERT, Occasion.UNREACHED, holder),))


def _is_copy(returned: ReturnedLetter, library: Library) -> bool:
    """Whether it went to those who see to urgent messages, and triage is somebody else."""
    urgent = library.urgent.to.lower()
    return returned.kind is LetterKind.ALERT and returned.to == urgent not in ("", library.triage.email.lower())


def _copy_lost(facts: Facts, returned: ReturnedLetter, case: Case, library: Library) -> Decision:
    """Those who see to urgent messages did not get one: triage has to see that somebody knows."""
    return Decision(
        standing=Standing.ROUTED,
        why=f"the copy for {returned.to} came back: {returned.failure}; {library.triage.name} know",
        case=case,
        was=case,
        event=NOTED,
        orders=(to_department(LetterKind.ALERT, Occasion.COPY_LOST, library.triage, *facts.history),),
        failure=returned.failure,
    )


def is_question_lost(kind: LetterKind, department: str, case: Case) -> bool:
    """Whether nobody may have the question where this letter did not arrive: who can't be reminded may never have seen
    it. One that was answered is nobody's to lose.
    """
    carrying = kind in {LetterKind.FORWARD, LetterKind.NUDGE}
    return carrying and department == case.holder and case.state is State.OPEN


def is_lost(kind: LetterKind, department: str, case: Case) -> bool:
    """Whether nobody has the question, or the answer, where this letter did not arrive."""
    return kind is LetterKind.RELAY or is_question_lost(kind, department, case)


def forward_lost(facts: Facts, returned: ReturnedLetter, case: Case, library: Library, now: datetime) -> Decision:
    """An inquiry is lost until somebody has it: triage gets it with an alert, and the patron hears the truth. Where
    triage is who can't be reached, whoever runs mailbot gets it, and the patron hears nothing that may not come true.
    """
    triage, what = library.triage, "reminder" if returned.kind is LetterKind.NUDGE else "forward"
    came_back = f"the {what} came back: {returned.failure}"
    if case.holder == triage.key:
        return Decision(
            standing=Standing.ROUTED,
            why=f"{came_back}; {triage.name} can't be reached",
            case=case,
            was=case,
            event=Occasion.BOUNCED.value,
            orders=_to_admin(facts, library),
            promise=standing_promise(case, library, now),
            failure=returned.failure,
        )
    after = case.moved(triage.key, case.due)
    return Decision(
        standing=Standing.ROUTED,
        why=f"{came_back}; {triage.name} has it until somebody else does",
        case=after,
        was=case,
        event=Occasion.BOUNCED.value,
        orders=(
            to_department(LetterKind.ALERT, Occasion.BOUNCED, triage, *facts.history),
            *update_of(after, Occasion.BOUNCED),
        ),
        promise=standing_promise(after, library, now),
        failure=returned.failure,
    )


def _to_admin(facts: Facts, library: Library) -> tuple[Order, ...]:
    """The inquiry, to whoever runs mailbot or is the head of triage; to nobody where that is triage's own address."""
    others = (one for one in (facts.admin, library.triage.head) if one and one.lower() != library.triage.email.lower())
    return tuple(
        Order(LetterKind.ALERT, Occasion.BOUNCED, Address("", one), carries=facts.history) for one in islice(others, 1)
    )


def answer_lost(returned: ReturnedLetter, case: Case, occasion: Occasion, library: Library, now: datetime) -> Decision:
    """A colleague's answer that was sent on did not arrive: nobody has answered, and the holder must know.

    ``occasion`` says whether it came back (UNREACHED) or never left (UNDELIVERED).
    """
    holder = library.holder(case.holder)
    what = "came back" if occasion is Occasion.UNREACHED else "could not be delivered"
    return Decision(
        standing=Standing.ROUTED,
        why=f"the answer {what}: {returned.failure}; {holder.name} have the question again",
        case=_owed(case, library, now),
        was=case,
        event=occasion.value,
        orders=(to_department(LetterKind.ALERT, occasion, holder),),
        failure=returned.failure,
    )


def patron_missed(returned: ReturnedLetter, case: Case, library: Library) -> Decision:
    """No server took our letter to the patron: nothing in the case changes, and the holder must know."""
    holder = library.holder(case.holder)
    return Decision(
        standing=Standing.ROUTED,
        why=f"our letter to the patron could not be delivered: {returned.failure}; {holder.name} know",
        case=case,
        was=case,
        event=Occasion.UNDELIVERED.value,
        orders=(to_department(LetterKind.ALERT, Occasion.UNDELIVERED, holder),),
        failure=returned.failure,
    )


def _owed(case: Case, library: Library, now: datetime) -> Case:
    """The case with an answer owed by whoever has it: one that was answered is open again, with a new promise."""
    if case.state is State.OPEN:
        return case
    return case.reopened(promise(library.holder(case.holder), now, library).due)


def _moved_by_rule(case: Case, prediction: Prediction, library: Library) -> Department | None:
    """The department a link or address of the message points to, where that is not the holder."""
    if prediction.rule is None or prediction.department in (None, case.holder) or not prediction.sure:
        return None
    return library.department(prediction.department) if prediction.department else None


def _moved_by_words(message: Understood, case: Case, prediction: Prediction, library: Library) -> Department | None:
    """The department that the patron asks for beyond doubt, where what they want may well be its business: a patron
    knows what they want, and seldom who does it.
    """
    said = instruction_in(message.text, library, case.holder, to_patron=False)
    if said is None or not said.sure:
        return None
    likely = {prediction.department, *(guess.department for guess in prediction.runners_up[:2])}
    return library.department(said.departments[0]) if said.departments[0] in likely else None


def _because(prediction: Prediction, holder: Department) -> str:
    if prediction.rule is not None:
        return f"{prediction.rule} belongs to {holder.name}"
    return prediction.reasons[0] if prediction.reasons else f"reads like a question for {holder.name}"
