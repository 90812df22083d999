"""From which confidence on a guess is right often enough, judged by guesses on texts that the model had not seen.

Owns the two ways to choose a threshold: bounded, where the library's own labels have to prove it, and provisional.
Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from mailbot.classify.features import Doubles

NEVER = 2.0
"""A threshold that no probability reaches."""
DOUBT = 0.1
"""The chance that the true precision lies below the bound (one-sided)."""


def lower_bound(right: Doubles, of: Doubles) -> Doubles:
    """The precision that is exceeded with 90 % confidence (Clopper and Pearson 1934), for each pair of counts."""
    bound: Doubles = np.where(right > 0, beta.ppf(DOUBT, np.maximum(right, 1e-9), of - right + 1), 0.0)
    return bound


def upper_bound(right: float, of: float) -> float:
    """The precision that is not exceeded with 90 % confidence (Clopper and Pearson 1934)."""
    return 1.0 if right >= of else float(beta.ppf(1.0 - DOUBT, right + 1.0, of - right))


def bounded_threshold(confidence: Doubles, right: Doubles, weight: Doubles, precision: float) -> float:
    """The lowest confidence above which the lower bound of precision is met; ``NEVER`` where there is none.

    ``right``: how likely each guess is right, 0 or 1 where that is known; ``weight``: how many messages it stands for.
    """
    ordered, counts, of = _from_the_top(confidence, right, weight)
    return _lowest(ordered, lower_bound(counts, of) >= precision, precision)


def provisional_threshold(confidence: Doubles, right: Doubles, weight: Doubles, precision: float) -> float:
    """The lowest confidence above which that share was right; ``NEVER`` where there is none."""
    ordered, counts, of = _from_the_top(confidence, right, weight)
    return _lowest(ordered, counts >= precision * of - 1e-9, precision)


def admission(chances: Doubles, right: Doubles, weight: Doubles, coverage: float) -> float:
    """The chance from which on a department belongs on the list of suggestions, for the right one to be on it in that
    share of new messages (conformal prediction: Papadopoulos et al. 2002; Angelopoulos and Bates 2021).

    ``chances`` and ``right`` are texts by departments, the latter how likely each is the right one; ``weight`` says how
    many messages each text stands for. 0 where there are too few to promise anything.
    """
    counts = (right * weight[:, None]).ravel()
    order = np.argsort(-chances.ravel(), kind="stable")
    below = np.cumsum(counts[order])
    enough = np.flatnonzero(below >= coverage * (below[-1] + 1.0)) if len(below) else below
    return float(chances.ravel()[order[enough[0]]]) if len(enough) else 0.0


def _from_the_top(confidence: Doubles, right: Doubles, weight: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    order = np.argsort(-confidence, kind="stable")
    return confidence[order], np.cumsum(right[order] * weight[order]), np.cumsum(weight[order])


def _lowest(ordered: Doubles, good: NDArray[np.bool_], precision: float) -> float:
    """The last confidence (from the top) that is good; equal ones stand or fall together.

    Where every guess tried is good, what lies below them is not known to be bad: confidence is taken at its word.
    """
    last_of_equals = np.append(ordered[1:] < ordered[:-1], True) if len(ordered) else np.zeros(0, bool)
    found = np.flatnonzero(good & last_of_equals)
    if not len(found):
        return NEVER
    lowest = float(ordered[found[-1]])
    return min(lowest, precision) if found[-1] == len(ordered) - 1 else lowest
