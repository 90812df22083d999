"""How the guesses have gone: week by week, department by department. Pure counting of what is on record."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from mailbot.classify.prediction import Guessed

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Count:
    """Guesses of one week or department: how many, how many were sure, and of these how many were found right and
    wrong; of the others how many turned out right, and wrong.
    """

    guesses: int
    sure: int
    right: int
    wrong: int
    unsure_right: int
    unsure_wrong: int

    @property
    def share_sure(self) -> float:
        """Of all guesses."""
        return self.sure / self.guesses if self.guesses else 0.0

    @property
    def corrected(self) -> float:
        """The share of all guesses that colleagues found wrong."""
        return (self.wrong + self.unsure_wrong) / self.guesses if self.guesses else 0.0

    @property
    def precision(self) -> float | None:
        """Of the sure ones on which there is a verdict, or None where there is none."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None


def by_week(guesses: Iterable[Guessed], zone: ZoneInfo) -> dict[date, Count]:
    """Counts by the Monday of the week, oldest first."""
    return _counted(guesses, lambda one: _monday(one.at.astimezone(zone).date()))


def by_department(guesses: Iterable[Guessed]) -> dict[str, Count]:
    """Counts by the department that was guessed ("" for none)."""
    return _counted(guesses, lambda one: one.department)


def _counted(guesses: Iterable[Guessed], key: Callable[[Guessed], Key]) -> dict[Key, Count]:
    groups: dict[Key, list[Guessed]] = {}
    for one in guesses:
        groups.setdefault(key(one), []).append(one)
    return {name: _count(group) for name, group in sorted(groups.items(), key=lambda item: str(item[0]))}


def _count(group: Sequence[Guessed]) -> Count:
    def number(sure: bool, right: bool) -> int:
        return sum(one.sure is sure and one.right is right for one in group)

    return Count(
        guesses=len(group),
        sure=sum(one.sure for one in group),
        right=number(True, True),
        wrong=number(True, False),
        unsure_right=number(False, True),
        unsure_wrong=number(False, False),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
