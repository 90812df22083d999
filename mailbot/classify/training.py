"""The values of a training: what there was to judge by, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.classify.balance import Contradiction
from mailbot.classify.compare import Comparison, Verdict
from mailbot.classify.prediction import Question


@dataclass(frozen=True, slots=True)
class Recent:
    """A question of these days, and it in a few words ("" where these would be private)."""

    question: Question
    summary: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A question that the candidate would send elsewhere: the keys of where to, before and now."""

    summary: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to: the new version, whether it serves now, and what speaks for that. It was fitted on so
    many ``labels``; ``elsewhere`` are recent questions that it would send elsewhere than the model that served.
    """

    version: str
    promoted: bool
    comparison: Comparison | None
    verdict: Verdict
    contradictions: tuple[Contradiction, ...]
    labels: int = 0
    elsewhere: tuple[Elsewhere, ...] = ()
