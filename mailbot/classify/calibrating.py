"""How much opinions count when they are put together, judged on texts that none of them had seen. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from mailbot.classify.features import Doubles, Longs
from mailbot.classify.linear import softmax


def best_say(
    opinions: NDArray[np.floating], target: Longs, weights: Doubles, usual: Sequence[float] = (), trust: float = 0.0
) -> tuple[float, ...]:
    """How much each of several opinions (opinions by texts by labels: scores or log chances) counts in their sum, to
    give the true labels the highest likelihood. For one opinion this is temperature scaling (Guo et al. 2017).

    With ``usual`` the result stays near these as long as there are few texts (``trust``: so many texts weigh as much).
    """
    rows = np.arange(len(target))
    moved = opinions.astype(np.float64)
    moved -= moved.max(axis=2, keepdims=True)
    unit = np.array(usual) if usual else np.array([1.0 / max(1e-9, float(np.std(one))) for one in moved])

    def loss(say: Doubles) -> tuple[float, Doubles]:
        chances = softmax(np.tensordot(say * unit, moved, axes=1))
        off = -np.log(np.maximum(chances[rows, target], 1e-12))
        slope = [
            float(((chances * one).sum(axis=1) - one[rows, target]) @ weights * scale)
            for one, scale in zip(moved, unit, strict=True)
        ]
        total = weights.sum()
        away = trust * (say - 1.0)
        return (float(off @ weights) + 0.5 * float(away @ (say - 1.0))) / total, (np.array(slope) + away) / total

    found = minimize(loss, np.ones(len(moved)), jac=True, method="L-BFGS-B", bounds=[(0.0, 50.0)] * len(moved)).x
    return tuple(map(float, found * unit))
