"""When a letter that was not taken is tried again; pure (RFC 5321 section 4.5.4.1).

Knows no clock and throws no dice: the moment and the jitter are arguments.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.errors import DeliveryFailure

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=4)


def retry_at(
    failure: DeliveryFailure,
    attempt: int,
    now: datetime,
    jitter: float,
    give_up_after: timedelta,
    first_try: datetime,
) -> datetime | None:
    """When to try again after the failed try number ``attempt`` (from 1), or None to give up.

    The wait doubles from one minute to four hours; ``jitter`` (0 to 1) moves it by up to a quarter either way, so that
    letters that failed together do not come back together. A permanent failure is not tried again, nor a temporary
    one when ``give_up_after`` has passed since ``first_try``; the last try is made at the end of that time.
    """
    last = first_try + give_up_after
    if failure.permanent or now >= last:
        return None
    wait = min(_LONGEST, _FIRST * (1 << min(max(attempt, 1) - 1, 12)))
    return min(now + wait * (0.75 + jitter / 2), last)
