"""How long departments took to answer, and whether that helped: from the events of cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from mailbot.case import ANSWERED, SATISFIED, UNSATISFIED
from mailbot.pace import Answer
from mailbot.store.records import Verdict
from mailbot.store.tables import events

_BEGINS = ("routed", "unsure", "moved", "corrected", "disputed", "bounced")


def answer_times(connection: Connection, since: datetime) -> list[Answer]:
    """The first answer to each case since then, from when the department that gave it had the case."""
    answered = select(events.c.case_id).where(events.c.event == ANSWERED, events.c.at >= since)
    query = (
        select(events.c.case_id, events.c.event, events.c.department, events.c.at)
        .where(events.c.case_id.in_(answered), events.c.event.in_([*_BEGINS, ANSWERED]))
        .order_by(events.c.id)
    )
    had: dict[int, tuple[str, datetime]] = {}
    done: set[int] = set()
    found: list[Answer] = []
    for row in connection.execute(query):
        if row.case_id in done:
            continue
        if row.event != ANSWERED:
            had[row.case_id] = (row.department, row.at)
            continue
        done.add(row.case_id)
        department, began = had.get(row.case_id, ("", row.at))
        if department == row.department and row.at >= since:
            found.append(Answer(department, began, row.at))
    return found


def verdicts(connection: Connection) -> list[Verdict]:
    """What patrons said when asked whether an answer helped, first to last: of whoever answered last before, whoever
    has the case since.
    """
    query = select(events).where(events.c.event.in_([ANSWERED, SATISFIED, UNSATISFIED])).order_by(events.c.id)
    by: dict[int, str] = {}
    said: list[Verdict] = []
    for row in connection.execute(query):
        if row.event == ANSWERED:
            by[row.case_id] = row.department
        else:
            department = by.get(row.case_id, row.department)
            said.append(Verdict(row.case_id, row.at, department, row.event == SATISFIED))
    return said
