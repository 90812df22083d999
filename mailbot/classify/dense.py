"""A linear model on the vectors of a sentence encoder: what a text means, where the lexical models see words.

Owns the fit and the scores. Knows no encoder, only vectors of length 1. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mailbot.classify.calibrating import best_say
from mailbot.classify.features import Doubles, Floats, Longs
from mailbot.classify.logistic import logistic

PENALTY = 0.1
STEPS = 60
"""Of the regression: vectors have no rare terms to scale by, so it takes more of them than one on words."""


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """``weights`` is dimensions and a constant by labels; the softmax of its scores are probabilities."""

    labels: tuple[str, ...]
    weights: Floats

    def scores(self, vectors: Floats) -> Floats:
        """One row a text, one column a label."""
        return _with_constant(vectors) @ self.weights


def fit_dense(
    vectors: Floats, labels: Sequence[str], weights: Doubles, groups: Sequence[Longs]
) -> tuple[Dense, Floats]:
    """A model of all vectors, and the scores of each of ``groups`` by one without it (rows of no group: 0).

    ``weights`` says how much each counts. Calibrated on the groups, where there are any.
    """
    names, target = np.unique(np.array(labels), return_inverse=True)
    rows = _with_constant(vectors)
    begin = np.zeros((rows.shape[1], len(names)), np.float32)
    unseen = np.zeros((len(rows), len(names)), np.float32)
    for held in groups:
        kept = np.setdiff1d(np.arange(len(rows)), held)
        unseen[held] = rows[held] @ _fitted(rows[kept], target[kept], weights[kept], begin)
    found = _fitted(rows, target, weights, begin)
    if groups:
        at = np.concatenate(groups)
        (scale,) = best_say(unseen[None, at], target[at], weights[at])
        found, unseen = np.float32(scale) * found, np.float32(scale) * unseen
    return Dense(tuple(names.tolist()), found), unseen


def _fitted(rows: Floats, target: Longs, weights: Doubles, begin: Floats) -> Floats:
    return logistic(rows, target, weights, begin, penalty=PENALTY, steps=STEPS)


def _with_constant(vectors: Floats) -> Floats:
    return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
