"""What a message reads like: a linear model over the topics of the starter collection, whatever the library.

Owns the way from topics to departments: a department is as likely as the topics it covers together. That tells
departments apart better than learning them as one label each, and lets a new assignment serve at once. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import Doubles, Floats, Longs
from mailbot.classify.linear import Linear, softmax


@dataclass(frozen=True, slots=True, eq=False)
class TopicModel:
    """``linear`` scores topics at temperature 1.

    ``unseen`` are the scores of the starter messages it was fitted on, each from a model of the other hands; ``truth``
    are the columns of their topics, ``at`` their places in the collection.
    """

    linear: Linear
    unseen: NDArray[np.float16]
    truth: Longs
    at: Longs

    def cover(self, owner: Mapping[str, str], departments: Sequence[str]) -> Doubles:
        """Topics by departments: 1 where the department covers the topic. ``owner`` is a department by topic."""
        return np.array([[float(owner[topic] == key) for key in departments] for topic in self.linear.labels])


def department_chances(scores: NDArray[np.floating], cover: Doubles, temperature: float) -> Doubles:
    """Scores of topics as probabilities of departments."""
    covered: Doubles = softmax(scores / temperature) @ cover
    chances: Doubles = covered / covered.sum(axis=1, keepdims=True)
    return chances


def direction(scores: Floats, cover: Doubles, temperature: float, this: Longs, that: Longs) -> Floats:
    """The direction in which topics' scores move the odds of department ``this[i]`` against ``that[i]`` the most.

    The slope of the log odds: each topic of a department counts by its share in the department's probability.
    """
    chances = softmax(scores / temperature)
    parts = []
    for side in (this, that):
        own = chances * cover[:, side].T
        parts.append(own / np.maximum(own.sum(axis=1, keepdims=True), 1e-300))
    slope = (parts[0] - parts[1]) / temperature
    slope[np.abs(slope) < 0.01 / temperature] = 0.0
    found: Floats = slope.astype(np.float32)
    return found
