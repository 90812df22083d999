"""What was guessed, and what became of it: the record by which it is told how often the guesses are right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from mailbot.case import ANSWERED
from mailbot.classify.prediction import Guessed
from mailbot.store.records import Asked
from mailbot.store.tables import cases, events, examples, guesses, messages, thresholds

CORRECTED = ("corrected", "disputed")


def note_guess(connection: Connection, message: int, case_id: int, guess: Guessed) -> None:
    """Notes what was guessed of the message that a case begins with."""
    connection.execute(
        insert(guesses).values(
            message=message,
            case_id=case_id,
            at=guess.at,
            department=guess.department,
            confidence=guess.confidence,
            sure=guess.sure,
            ruled=guess.ruled,
            model=guess.model,
        )
    )


def guessed(connection: Connection, since: datetime) -> list[Guessed]:
    """Every guess since then, oldest first, with what people made of it.

    A colleague's correction or confirmation is a verdict; so is an answer by the department that had the case by the
    guess. That a case moved by the patron's own link says nothing of the first guess.
    """
    rows = connection.execute(select(guesses).where(guesses.c.at >= since).order_by(guesses.c.message)).all()
    numbers = [row.case_id for row in rows]
    told = _by_case(connection, numbers)
    said = {
        row.case_id: row.department
        for row in connection.execute(
            select(examples.c.case_id, examples.c.department)
            .where(examples.c.case_id.in_(numbers), examples.c.source == "correction")
            .order_by(examples.c.id)
        )
    }
    return [
        Guessed(
            row.at,
            row.department,
            row.confidence,
            row.sure,
            row.ruled,
            row.model,
            _verdict(row.department, told[row.case_id], said.get(row.case_id)),
        )
        for row in rows
    ]


def asked(connection: Connection, since: datetime) -> list[Asked]:
    """The questions that began a case since then, oldest first, as long as their words are on record."""
    query = (
        select(cases.c.subject, messages.c.text, cases.c.language, cases.c.request)
        .join_from(guesses, messages, messages.c.id == guesses.c.message)
        .join(cases, cases.c.id == guesses.c.case_id)
        .where(guesses.c.at >= since, messages.c.text != "")
        .order_by(guesses.c.message)
    )
    return [Asked(*row) for row in connection.execute(query)]


def _by_case(connection: Connection, numbers: Sequence[int]) -> defaultdict[int, list[tuple[str, str]]]:
    """Events of cases that may be verdicts, first to last: what happened, and who had it since."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    query = (
        select(events.c.case_id, events.c.event, events.c.department)
        .where(events.c.case_id.in_(numbers), events.c.event.in_([*CORRECTED, ANSWERED]))
        .order_by(events.c.id)
    )
    for row in connection.execute(query):
        found[row.case_id].append((row.event, row.department))
    return found


def _verdict(department: str, told: Sequence[tuple[str, str]], said: str | None) -> bool | None:
    if said is not None:
        return said == department
    for event, holder in told:
        if event in CORRECTED:
            return holder == department
        if holder == department:
            return True
    return None


def raised(connection: Connection, model: str) -> float | None:
    """The threshold that this model was raised to, or None."""
    found = connection.execute(select(thresholds.c.threshold).where(thresholds.c.model == model)).scalar_one_or_none()
    return None if found is None else float(found)


def raise_threshold(connection: Connection, model: str, threshold: float, now: datetime) -> None:
    """From now on this model needs so much confidence to be sure."""
    values = {"threshold": threshold, "at": now}
    if connection.execute(update(thresholds).where(thresholds.c.model == model).values(**values)).rowcount == 0:
        connection.execute(insert(thresholds).values(model=model, **values))
