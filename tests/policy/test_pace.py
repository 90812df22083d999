"""Promises that follow how fast a department really answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailbot.library import Department, Library, open_time, promise, reminder_at
from mailbot.pace import FEWEST, Answer, paced
from tests.writing.scenes import riverbend

ZONE = riverbend().timezone
TUESDAY = datetime(2027, 2, 2, 10, 0, tzinfo=ZONE)  # Interlibrary Loan: Monday to Friday, 9 to 17; three business days
ILL = "interlibrary-loan"


def answers(*hours: float, key: str = ILL) -> list[Answer]:
    """Answers so many hours after a Tuesday morning."""
    return [Answer(key, TUESDAY, TUESDAY + timedelta(hours=each)) for each in hours]


def at(department: Department, library: Library, moment: datetime = TUESDAY) -> datetime:
    return promise(department, moment, library).due


def after(*hours: float) -> datetime:
    library = paced(riverbend(), answers(*hours))
    return at(library.department(ILL), library)


@pytest.mark.parametrize(
    ("began", "ended", "hours"),
    [
        (TUESDAY, TUESDAY + timedelta(hours=2), 2),
        (TUESDAY, TUESDAY + timedelta(days=1), 8),
        (TUESDAY, datetime(2027, 2, 8, 9, 30, tzinfo=ZONE), 31.5),
        (datetime(2027, 2, 6, 12, tzinfo=ZONE), datetime(2027, 2, 7, 12, tzinfo=ZONE), 0),
        (TUESDAY, TUESDAY - timedelta(hours=1), 0),
    ],
)
def test_only_the_hours_of_being_open_count(began: datetime, ended: datetime, hours: float) -> None:
    assert open_time(riverbend().department(ILL), began, ended, riverbend()) == timedelta(hours=hours)


def test_a_promise_ends_with_the_half_day_in_which_eight_of_ten_answers_had_come() -> None:
    # 16 of 20 within 2 hours: Tuesday at noon, in the first half of a day that is open from 9 to 17.
    assert after(*[2] * 16, *[26] * 4) == datetime(2027, 2, 2, 13, tzinfo=ZONE)
    # 15 of 20: the sixteenth came after 10 hours of being open, on Wednesday before 13.
    assert after(*[2] * 15, *[26] * 5) == datetime(2027, 2, 3, 13, tzinfo=ZONE)


def test_with_fewer_than_twenty_answers_nothing_changes() -> None:
    assert after(*[1] * (FEWEST - 1)) == at(riverbend().department(ILL), riverbend())


@given(some.lists(some.integers(0, 24 * 30), min_size=FEWEST, max_size=60), some.integers(0, 24 * 14))
def test_a_promise_never_goes_beyond_what_the_config_says_nor_before_the_message(hours: list[int], later: int) -> None:
    library, moment = paced(riverbend(), answers(*hours)), TUESDAY + timedelta(hours=later)
    for department in library.departments:
        due = at(department, library, moment)
        assert moment <= due <= at(replace(department, usually=None), library, moment)


def test_a_department_is_reminded_before_a_sooner_promise_too() -> None:
    library = paced(riverbend(), answers(*[4] * FEWEST))
    department = library.department(ILL)
    due = at(department, library)
    assert TUESDAY < reminder_at(department, due, 0.75, library) < due


def test_each_department_has_a_pace_of_its_own() -> None:
    library = paced(riverbend(), answers(*[1] * FEWEST))
    assert [one.key for one in library.departments if one.usually is not None] == [ILL]
