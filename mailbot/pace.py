"""How fast departments really answer, from what is on record, and what may be promised by it.

Pure: ``pacing`` fetches the record. A promise by these figures is never later than the one that the config makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailbot.library import Department, Library, open_time

LOOK_BACK = timedelta(days=90)
FEWEST = 20
"""With fewer answers than this nothing is known of a department's pace."""
SHARE = 80
"""So many answers of a hundred came within the time that is promised."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that a department (key) had from ``began`` on and answered at ``at`` (both aware)."""

    department: str
    began: datetime
    at: datetime


def paced(library: Library, answers: Sequence[Answer]) -> Library:
    """The library, each department with its usual time where enough is on record."""
    return replace(library, departments=tuple(_paced(one, answers, library) for one in library.departments))


def _paced(department: Department, answers: Sequence[Answer], library: Library) -> Department:
    times = sorted(
        open_time(department, one.began, one.at, library) for one in answers if one.department == department.key
    )
    # The nearest rank: the least time within which so many answers came, with nothing made up between two of them.
    return replace(department, usually=times[-(-SHARE * len(times) // 100) - 1] if len(times) >= FEWEST else None)
