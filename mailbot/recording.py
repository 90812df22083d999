"""What was decided, written down: the message's standing, the case and its history, the letters, the label."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailbot.asking import NOTHING
from mailbot.background import Background
from mailbot.case import NOTED, Standing
from mailbot.classify.prediction import Guessed, Prediction
from mailbot.decision import Decision, Facts
from mailbot.errors import StoreError
from mailbot.log import Event, note
from mailbot.mail import Understood
from mailbot.store import Kept, Session, Written
from mailbot.writing.letter import Letter, Occasion


@dataclass(frozen=True, slots=True)
class Handled:
    """A message and all that was made of it."""

    message: int
    mailbox: str
    understood: Understood
    prediction: Prediction
    decision: Decision
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A message decided on, its letters written, nothing of it committed yet."""

    handled: Handled
    facts: Facts
    background: Background
    written: tuple[Written, ...]
    now: datetime


def record(session: Session, planned: Planned) -> None:
    """Writes a decision down: the message's standing, the case, its history, the letters, the label.

    Raises Overtaken where somebody else has changed the case since it was looked at.
    """
    handled, decision, now = planned.handled, planned.handled.decision, planned.now
    message, case_id = handled.understood, _record_case(session, planned)
    if not session.settle(
        handled.message,
        decision.standing,
        decision.why,
        kind=message.kind.value,
        writer=message.writer,
        text=message.text,
        case_id=case_id,
    ):
        raise StoreError("another worker decided on the same message; what this one was about to do is taken back")
    session.post(planned.written, handled.mailbox, case_id, handled.message, now)
    if planned.background.lost is not None and planned.background.returned is not None:
        session.returned(planned.background.lost, planned.background.returned.failure)
    if case_id is not None:
        _record_guess(session, planned, case_id)
        _record_history(session, planned, case_id)
    note(
        Event.MESSAGE_DECIDED,
        message_id=message.message.message_id,
        case=decision.case.ref if decision.case else "",
        standing=decision.standing.value,
    )


def _record_case(session: Session, planned: Planned) -> int | None:
    decision, known = planned.handled.decision, planned.background.known
    if decision.case is None:
        return None
    if decision.was is None or known is None:
        return session.open_case(decision.case, planned.now)
    if decision.case != decision.was or decision.standing is Standing.ADDED:
        session.change_case(known.id, decision.case, planned.now, seen=known.touched)
    return known.id


def _record_guess(session: Session, planned: Planned, case_id: int) -> None:
    """What a case began with, so that it can be told later how often that is right."""
    decision, guess = planned.handled.decision, planned.handled.prediction
    if decision.was is not None or guess is NOTHING:
        return
    ruled = guess.rule is not None
    noted = Guessed(planned.now, guess.department or "", guess.confidence, guess.sure, ruled, guess.model)
    session.note_guess(planned.handled.message, case_id, noted)


def _record_history(session: Session, planned: Planned, case_id: int) -> None:
    decision, facts, now = planned.handled.decision, planned.facts, planned.now
    if decision.event is not None and decision.case is not None:
        session.tell(case_id, decision.event, facts.message, decision.case.holder, decision.why, now)
    if decision.event == Occasion.DISPUTED.value:
        session.unlearn(case_id)
    if decision.label is not None:
        learnt = [*facts.earlier, facts.message] if decision.label.source in ("link", "words") else facts.earlier
        session.learn(case_id, learnt, decision.label.department, decision.label.source, now)


def record_moved(session: Session, kept: Kept, decision: Decision, facts: Facts, now: datetime) -> None:
    """Writes down that a case was moved by hand, with no message that said so. Raises Overtaken as ``record`` does."""
    case = decision.case or kept.case
    session.change_case(kept.id, case, now, seen=kept.touched)
    session.tell(kept.id, decision.event or NOTED, None, case.holder, decision.why, now)
    if decision.event == Occasion.DISPUTED.value:
        session.unlearn(kept.id)
    if decision.label is not None:
        session.learn(kept.id, facts.earlier, decision.label.department, decision.label.source, now)
