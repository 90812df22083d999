"""What a digest says: to a department what it has open, to the admin what came and where it stands.

Plans only; the words are in the templates. A delicate matter is named by its patron alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.case import Case
from mailbot.library import Department, Library
from mailbot.writing import staff_facts as say
from mailbot.writing.facts import Plan, Record, Source, Subject
from mailbot.writing.names import person

MOST = 100
"""So many questions are listed; a longer list is read by nobody."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An open case, and whether what was written in it is delicate."""

    case: Case
    delicate: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What the last day brought: UIDs received and how they were booked, letters that no server took."""

    received: int
    waiting: int
    routed: int
    added: int
    held: int
    unanswered: int
    failed: int
    letters_failed: int


def department_plan(desk: Department, entries: Sequence[Entry], library: Library, now: datetime) -> Plan:
    """What one department has open, what is due first on top."""
    source = (Source(Record.CASE, f"open at {desk.key}"),)
    head = say.DigestHead(desk=desk.name, number=len(entries), listed_number=min(len(entries), MOST), sources=source)
    lines = tuple(_line(entry, library, now) for entry in sorted(entries, key=_soonest)[:MOST])
    return Plan(_subject(library), ((head,), lines), lines=True)


def admin_plan(day: Day, entries: Sequence[Entry], library: Library, now: datetime) -> Plan:
    """What came in the last day, and what each department has open."""
    came = say.DigestDay(
        received=day.received, waiting=day.waiting, routed=day.routed, added=day.added, held=day.held,
        unanswered=day.unanswered, failed=day.failed, letters_failed=day.letters_failed,
        sources=(Source(Record.CASE, "receipts of the last 24 hours"),),
    )  # fmt: skip
    desks = tuple(
        say.DigestDesk(
            desk=desk.name, number=len(mine), late=sum(_is_late(entry, now) for entry in mine),
            sources=(Source(Record.CASE, f"open at {desk.key}"),),
        )
        for desk in library.departments
        if (mine := [entry for entry in entries if library.holder(entry.case.holder) is desk])
    )  # fmt: skip
    return Plan(_subject(library), ((came,), desks), lines=True)


def _line(entry: Entry, library: Library, now: datetime) -> say.DigestCase:
    case = entry.case
    due = case.due.astimezone(library.timezone) if case.due else None
    return say.DigestCase(
        patron=person(case.patron), subject="" if entry.delicate else case.subject, due=due, late=_is_late(entry, now),
        sources=(Source(Record.CASE, case.ref),),
    )  # fmt: skip


def _is_late(entry: Entry, now: datetime) -> bool:
    return entry.case.due is not None and entry.case.due <= now


def _soonest(entry: Entry) -> tuple[bool, datetime]:
    return entry.case.due is None, entry.case.due or entry.case.opened


def _subject(library: Library) -> Subject:
    source = (Source(Record.DIRECTORY, "library.name"),)
    return Subject(own="", library=library.name, patron="", manner="digest", sources=source)
