"""What a message reads like: a linear model over the topics of the starter collection, whatever the library.

Owns the way from topics to departments: a department is as likely as the topics it covers together. That tells
departments apart better than learning them as one label each, lets a new assignment serve at once, and lets a few
labels say much: one corrected message tells who gets what reads like it. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import Doubles, Longs
from mailbot.classify.linear import Linear, softmax

TRUST = 4.0
"""How many labelled messages about a topic weigh as much as what was assumed of it beforehand."""
ROUNDS = 5
"""In which it is settled what topics the labelled messages are about, and who gets these topics."""


@dataclass(frozen=True, slots=True, eq=False)
class TopicModel:
    """``linear`` scores topics.

    ``unseen`` are the scores of the starter messages it was fitted on, each from a model of the other hands; ``truth``
    are the columns of their topics, ``at`` their places in the collection, ``group`` the hands each was tried with.
    """

    linear: Linear
    unseen: NDArray[np.float16]
    truth: Longs
    at: Longs
    group: Longs


def learn_cover(assumed: Doubles, scores: NDArray[np.floating], labels: Longs, weights: Doubles) -> Doubles:
    """Which department gets which topic (topics by departments, each row adding up to 1), by what was ``assumed`` and
    by labelled messages: the topics they score, the columns of their departments, and how much each counts.

    Expectation and maximisation (Dempster, Laird and Rubin 1977): a message of a department is about those topics that
    it reads like and the department gets. ``NOBODY`` may be one of the departments.
    """
    chances = softmax(scores) if len(scores) else np.zeros((0, len(assumed)))
    cover = assumed
    for _ in range(ROUNDS if len(labels) else 0):
        about = chances * cover[:, labels].T
        about *= weights[:, None] / np.maximum(about.sum(axis=1, keepdims=True), 1e-12)
        told = np.zeros_like(cover)
        np.add.at(told.T, labels, about)
        cover = TRUST * assumed + told
        cover /= np.maximum(cover.sum(axis=1, keepdims=True), 1e-12)
    return cover


def department_chances(scores: NDArray[np.floating], cover: Doubles) -> Doubles:
    """Scores of topics as probabilities of departments."""
    covered: Doubles = softmax(scores) @ cover
    chances: Doubles = covered / covered.sum(axis=1, keepdims=True)
    return chances
