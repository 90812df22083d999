"""Which case a message belongs to. Pure: looks at what the store found, opens nothing, merges nothing in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.case import Case
from mailbot.mail.understood import Kind, Understood

FOLLOWS_WITHIN = timedelta(days=30)
REPEATED_WITHIN = timedelta(days=3)
ANSWER_PREFIX = re.compile(
    r"^\s*(?:re|aw|sv|vs|antw|odp|rv|ref|res|rif|回复|答复|回覆)\s*(?:\[\d+\])?\s*[::]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recent case of the same patron: when it last moved, and the new texts of its messages."""

    case: Case
    touched: datetime
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Traces:
    """What ties a message to the past.

    ``answered``: the case of the letter or message that In-Reply-To or References name. ``recent`` are the writer's
    own cases, newest first.
    """

    answered: Case | None = None
    recent: tuple[Candidate, ...] = ()


def case_for(message: Understood, traces: Traces, now: datetime) -> Case | None:
    """The case that this message continues, or None for a new one. Doubt never merges (a number in a
    subject opens nothing): without a reference, sender, subject and time must all agree.
    """
    if traces.answered is not None:
        return traces.answered
    return next((c.case for c in traces.recent if _continues(message, c, now)), None)


def _continues(message: Understood, candidate: Candidate, now: datetime) -> bool:
    age = now - candidate.touched
    if age > FOLLOWS_WITHIN or _plain(message.subject) != _plain(candidate.case.subject):
        return False
    if ANSWER_PREFIX.match(message.message.subject) or message.kind is Kind.THANKS:
        return bool(_plain(message.subject))
    return age <= REPEATED_WITHIN and any(_repeats(message.text, text) for text in candidate.texts)


def _repeats(text: str, earlier: str) -> bool:
    """Whether the same words were sent once more, perhaps with a line above."""
    before = _plain(earlier)
    return len(before) >= 20 and before in _plain(text)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
