"""Multinomial logistic regression, on sparse rows or dense ones, by conjugate gradients: close enough in a few steps.

Owns the solver: a handful of passes over the rows, and five times the room of the weights. General solvers take
several times of either. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from mailbot.classify.features import Doubles, Floats, Longs

SEARCHES = 6
"""Steps of the search along a direction at most; the passes over the rows are what costs, not these."""
NEAR = 0.02
"""The share of its length that a step may be off."""
BOLDEST = 4.0
"""How many times longer a search may make the step at once: far out the loss is flat, and says little of the way."""
CURVATURE = 0.05
"""About the mean curvature of the loss at a label, for scaling: ``p * (1 - p)`` of a guess among many labels."""


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """The loss along a direction: ``scores + a * change`` for a step ``a``; ``weights`` is one a row."""

    scores: Floats
    change: Floats
    wanted: Floats
    weights: Floats
    pull: tuple[float, float]

    def best(self) -> float:
        """The step at which the loss is lowest, nearly: Newton's, kept between what is known too short and too long."""
        at, short, long = 0.0, 0.0, np.inf
        for _ in range(SEARCHES):
            slope, bend = self._at(at)
            short, long = (at, long) if slope < 0.0 else (short, at)
            found = at - slope / max(bend, 1e-12)
            if not short < found < long:
                found = 0.5 * (short + long) if np.isfinite(long) else BOLDEST * at
            if at > 0.0 and not np.isfinite(long):
                found = min(found, BOLDEST * at)
            near, at = abs(found - at) < NEAR * abs(found), found
            if near:
                break
        return at

    def _at(self, step: float) -> tuple[float, float]:
        """Slope and bend of the loss there."""
        chances = shares(self.scores + np.float32(step) * self.change)
        mean = np.einsum("ij,ij->i", chances, self.change)
        slope = np.einsum("ij,ij->i", chances - self.wanted, self.change)
        bend = np.einsum("ij,ij,ij->i", chances, self.change, self.change) - mean**2
        down, up = (float(np.dot(self.weights, part)) for part in (slope, bend))
        return down + self.pull[0] + step * self.pull[1], up + self.pull[1]


def logistic(
    matrix: csr_matrix | Floats, target: Longs, weights: Doubles, begin: Floats, *, penalty: float, steps: int
) -> Floats:
    """Coefficients (columns of ``matrix`` by labels) after so many steps from those to ``begin`` with.

    ``target`` is the label's column of each row, ``weights`` how much the row counts; ``penalty`` is half the weight of
    the squared coefficients in the loss. Nonlinear conjugate gradients (Polak and Ribiere 1969), each column scaled by
    how much there is in it.
    """
    turned = np.ascontiguousarray(matrix.T) if isinstance(matrix, np.ndarray) else matrix.T.tocsr()
    squares = matrix**2 if isinstance(matrix, np.ndarray) else matrix.multiply(matrix)
    wanted = np.eye(begin.shape[1], dtype=np.float32)[target]
    counts = weights.astype(np.float32)
    often = squares.T @ counts
    scale = (1.0 / (CURVATURE * often + penalty)).astype(np.float32)[:, None]
    found, scores = begin.copy(), matrix @ begin
    way = before = np.zeros_like(begin)
    size = np.inf
    for _ in range(steps):
        slope = turned @ (counts[:, None] * (shares(scores) - wanted)) + np.float32(penalty) * found
        scaled = scale * slope
        now = float(np.vdot(slope, scaled))
        if now <= 0.0:
            break
        way = np.float32(max(0.0, (now - float(np.vdot(before, scaled))) / size)) * way - scaled
        size, before = now, slope
        change = matrix @ way
        pull = (penalty * float(np.vdot(found, way)), penalty * float(np.vdot(way, way)))
        step = np.float32(_Line(scores, change, wanted, counts, pull).best())
        found += step * way
        scores += step * change
    return found


def shares(scores: Floats) -> Floats:
    """Softmax, row by row, in the room of its result."""
    found: Floats = scores - scores.max(axis=1, keepdims=True)
    np.exp(found, out=found)
    found /= found.sum(axis=1, keepdims=True)
    return found
