"""Multinomial logistic regression on sparse rows, by conjugate gradients: close enough in a few steps.

Owns the solver: a handful of passes over the rows, and five times the room of the weights. General solvers take
several times of either. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from mailbot.classify.features import Floats, Longs

SEARCHES = 4
"""Newton steps along a direction; the passes over the rows are what costs, not these."""
NEAR = 0.02
"""The share of its length that a step may be off."""
CURVATURE = 0.05
"""About the mean curvature of the loss at a label, for scaling: ``p * (1 - p)`` of a guess among many labels."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """The loss along a direction: ``scores + a * change`` for a step ``a``."""

    scores: Floats
    change: Floats
    wanted: Floats
    pull: tuple[float, float]

    def best(self) -> float:
        """The step at which the loss is lowest, nearly."""
        at = 0.0
        for _ in range(SEARCHES):
            chances = shares(self.scores + np.float32(at) * self.change)
            mean = np.einsum("ij,ij->i", chances, self.change)
            slope = float(np.vdot(chances - self.wanted, self.change)) + self.pull[0] + at * self.pull[1]
            bend = float((np.einsum("ij,ij,ij->i", chances, self.change, self.change) - mean**2).sum()) + self.pull[1]
            if bend <= 0.0:
                return at
            at -= slope / bend
            if abs(slope / bend) < NEAR * abs(at):
                break
        return at


def logistic(matrix: csr_matrix, target: Longs, begin: Floats, *, penalty: float, steps: int) -> Floats:
    """Weights (terms by labels) after so many steps from those to ``begin`` with.

    ``target`` is the label's column of each row; ``penalty`` is half the weight of the squared weights in the loss.
    Nonlinear conjugate gradients (Polak and Ribiere 1969), each term scaled by how often it stands.
    """
    turned = matrix.T.tocsr()
    wanted = np.eye(begin.shape[1], dtype=np.float32)[target]
    often = np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel()
    scale = (1.0 / (CURVATURE * often + penalty)).astype(np.float32)[:, None]
    weights, scores = begin.copy(), matrix @ begin
    way = before = np.zeros_like(begin)
    size = np.inf
    for _ in range(steps):
        slope = turned @ (shares(scores) - wanted) + np.float32(penalty) * weights
        scaled = scale * slope
        now = float(np.vdot(slope, scaled))
        if now <= 0.0:
            break
        way = np.float32(max(0.0, (now - float(np.vdot(before, scaled))) / size)) * way - scaled
        size, before = now, slope
        change = matrix @ way
        pull = (penalty * float(np.vdot(weights, way)), penalty * float(np.vdot(way, way)))
        step = np.float32(_Line(scores, change, wanted, pull).best())
        weights += step * way
        scores += step * change
    return weights


def shares(scores: Floats) -> Floats:
    """Softmax, row by row, in the room of its result."""
    found: Floats = scores - scores.max(axis=1, keepdims=True)
    np.exp(found, out=found)
    found /= found.sum(axis=1, keepdims=True)
    return found
