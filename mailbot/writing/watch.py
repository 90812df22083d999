"""What an admin is told where something is not as it should be: the classifier, or a mailbox. Plans only."""

from __future__ import annotations

from datetime import datetime

from mailbot.library import Library
from mailbot.writing import staff_facts as say
from mailbot.writing.facts import Plan, Record, Source, Subject


def restrained_plan(version: str, right: int, judged: int, target: float, threshold: float, library: Library) -> Plan:
    """That model ``version`` was right in ``right`` of ``judged``, should have been in a share of ``target``, and is
    sure only from a confidence of ``threshold`` on from now on (above 1: never).
    """
    source = (Source(Record.GUESS, f"guesses of model {version}"),)
    fact = say.Restrained(
        version=version, right=right, judged=judged, target=round(100 * target), never=threshold > 1.0, sources=source
    )
    subject = Subject(own="", library=library.name, patron="", manner="watch", sources=source)
    return Plan(subject, ((fact,),), lines=True)


def unread_plan(mailbox: str, since: datetime, overdue: int, library: Library) -> Plan:
    """That this mailbox could not be read since then (aware), and so many answers were due there meanwhile."""
    source = (Source(Record.DELIVERY, f"mailbox {mailbox} read at {since.isoformat()}"),)
    fact = say.Unread(mailbox=mailbox, since=since.astimezone(library.timezone), overdue=overdue, sources=source)
    subject = Subject(own="", library=library.name, patron="", manner="unread", sources=source)
    return Plan(subject, ((fact,),), lines=True)
