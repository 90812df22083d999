"""Whether a model is right often enough, by what people made of its guesses; and from where it is sure if it is not.

Pure: is told what was guessed and what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mailbot.classify.evidence import provisional_threshold, upper_bound
from mailbot.classify.prediction import Guessed

FEWEST = 10
"""Verdicts on guesses that went out alone, below which nothing is concluded."""


@dataclass(frozen=True, slots=True)
class Raise:
    """A model that was right less often than it should be: how often, of how many, and from where it is sure now."""

    model: str
    right: int
    judged: int
    target: float
    threshold: float


def needs_raise(guesses: Sequence[Guessed], model: str, target: float) -> Raise | None:
    """What has to change where the verdicts on a model's sure guesses leave no hope that it meets the target: a higher
    threshold, at which it would have met it. None where it may well be good enough.
    """
    alone = [one for one in guesses if one.model == model and one.sure and not one.ruled and one.right is not None]
    right = sum(bool(one.right) for one in alone)
    if len(alone) < FEWEST or upper_bound(float(right), float(len(alone))) >= target:
        return None
    confidence = np.array([one.confidence for one in alone])
    hits = np.array([float(bool(one.right)) for one in alone])
    threshold = provisional_threshold(confidence, hits, np.ones(len(alone)), target)
    return Raise(model, right, len(alone), target, max(threshold, float(np.nextafter(confidence.min(), 2.0))))
