"""When a letter that was not taken is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailbot.errors import DeliveryFailure
from mailbot.retry import retry_at

NOW = datetime(2027, 1, 29, 15, 0, tzinfo=UTC)
LATER = DeliveryFailure("451 later", permanent=False, code=451)
NEVER = DeliveryFailure("550 no such user", permanent=True, code=550)
FOUR_DAYS = timedelta(days=4)


def test_waits_double_from_a_minute_to_four_hours() -> None:
    waits = [retry_at(LATER, attempt, NOW, 0.5, FOUR_DAYS, NOW) for attempt in (1, 2, 3, 8, 9, 10, 1000)]
    minutes = [(at - NOW).total_seconds() / 60 for at in waits if at is not None]
    assert minutes == [1, 2, 4, 128, 240, 240, 240]


def test_letters_that_failed_together_come_back_apart() -> None:
    early, late = (retry_at(LATER, 3, NOW, jitter, FOUR_DAYS, NOW) for jitter in (0.0, 1.0))
    assert (early, late) == (NOW + timedelta(minutes=3), NOW + timedelta(minutes=5))


def test_a_permanent_failure_is_not_tried_again() -> None:
    assert retry_at(NEVER, 1, NOW, 0.5, FOUR_DAYS, NOW) is None


def test_the_last_try_is_at_the_end_of_the_time() -> None:
    first = NOW - FOUR_DAYS
    assert retry_at(LATER, 30, NOW - timedelta(minutes=1), 0.5, FOUR_DAYS, first) == NOW
    assert retry_at(LATER, 31, NOW, 0.5, FOUR_DAYS, first) is None


@given(st.integers(), st.floats(0, 1), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_next_try_is_always_later_and_never_past_the_end(attempt: int, jitter: float, since: timedelta) -> None:
    at = retry_at(LATER, attempt, NOW, jitter, FOUR_DAYS, NOW - since)
    assert at is None or NOW < at <= NOW - since + FOUR_DAYS
    assert (at is None) == (since >= FOUR_DAYS)
