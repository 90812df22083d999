"""Whether a candidate may take over from the model that serves, judged on mail that neither has seen.

Owns the comparison (the same rows, in order of time) and the gate. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.evidence import lower_bound
from mailbot.classify.examples import NOBODY, Example
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.prediction import Prediction, Question

ROUNDS = 2000
SEED = 11
NOISE = 0.05
"""The chance at which a loss of this size is still taken for noise (one-sided)."""
BATCH = 50
TRIED_SHARE = 5
"""One in so many of the library's labels is kept back to judge by: the newest."""
FEWEST_TRIED = 20


@dataclass(frozen=True, slots=True)
class Recall:
    """How many of a department's messages were guessed right by the model that serves and by the candidate."""

    department: str
    messages: int
    champion: int
    candidate: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A message that the candidate would send elsewhere; ``right`` is where it belongs."""

    example: Example
    champion: str
    candidate: str
    right: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """So many messages of one department that the candidate would send to another."""

    right: str
    guessed: str
    messages: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both models on the same messages. ``worst`` is the lowest the candidate's gain may be, beyond noise;
    ``sure`` and ``precision`` are what the candidate would route alone, and the lower bound of how often rightly.
    """

    messages: int
    champion: float
    candidate: float
    worst: float
    best: float
    sure: float
    precision: float
    recalls: tuple[Recall, ...]
    confusions: tuple[Confusion, ...]
    moved: tuple[Moved, ...]
    fallen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the candidate may serve, and why, in lines for people."""

    promote: bool
    reasons: tuple[str, ...]


def split(examples: Sequence[Example]) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The older examples, and the newest fifth of the library's own mail, to judge by (empty where there is little).

    Copies of one message are never on both sides.
    """
    own = sorted((e for e in examples if e.own and e.at is not None), key=lambda e: e.at.timestamp() if e.at else 0.0)
    count = len(own) // TRIED_SHARE
    if count < FEWEST_TRIED:
        return tuple(examples), ()
    tried = own[-count:]
    texts = {_key(example) for example in tried}
    return tuple(e for e in examples if _key(e) not in texts), tuple(tried)


def compare(champion: FittedClassifier, candidate: FittedClassifier, tried: Sequence[Example]) -> Comparison:
    """Both on the messages tried, which neither was fitted on."""
    right = [example.department for example in tried]
    old, new = (_predict(model, tried) for model in (champion, candidate))
    before, after = (np.array([_guess(p) == r for p, r in zip(ps, right, strict=True)], bool) for ps in (old, new))
    worst, best = _gain(before, after)
    sure = np.array([p.sure for p in new], bool)
    hits = float((sure & after).sum())
    recalls = _recalls(right, before, after)
    return Comparison(
        messages=len(right),
        champion=float(before.mean()) if right else 0.0,
        candidate=float(after.mean()) if right else 0.0,
        worst=worst,
        best=best,
        sure=float(sure.mean()) if right else 0.0,
        precision=float(lower_bound(np.array([hits]), np.array([float(sure.sum())]))[0]),
        recalls=recalls,
        confusions=_confusions(right, [_guess(p) for p in new]),
        moved=tuple(
            Moved(example, _guess(a), _guess(b), example.department)
            for example, a, b in zip(tried, old, new, strict=True)
            if _guess(a) != _guess(b)
        ),
        fallen=tuple(_fallen(right, before, after)),
    )


def judge(comparison: Comparison) -> Verdict:
    """The gate: not worse overall beyond noise, and no department that falls by more than noise."""
    if not comparison.messages:
        return Verdict(True, ("too little mail to compare on; the newer labels are taken in",))
    shares = f"{comparison.candidate:.1%} against {comparison.champion:.1%} of the model that serves"
    reasons = [f"right on {shares}, on {comparison.messages} messages"]
    if comparison.best < 0.0:
        reasons.append("that is worse by more than chance")
    reasons += [f"{department} is recognised less often, by more than chance" for department in comparison.fallen]
    return Verdict(len(reasons) == 1, tuple(reasons))


def guessed(model: FittedClassifier, questions: Sequence[Question]) -> list[str]:
    """Where each of these would go: the key of a department, or ``NOBODY``."""
    return [_guess(prediction) for prediction in _predictions(model, questions)]


def _predict(model: FittedClassifier, tried: Sequence[Example]) -> list[Prediction]:
    return _predictions(model, [example.question for example in tried])


def _predictions(model: FittedClassifier, questions: Sequence[Question]) -> list[Prediction]:
    return [p for i in range(0, len(questions), BATCH) for p in model.predict(questions[i : i + BATCH])]


def _guess(prediction: Prediction) -> str:
    return prediction.department or NOBODY


def _gain(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> tuple[float, float]:
    """The range of the gain in accuracy by a paired bootstrap: what chance leaves possible on either side."""
    if not len(before):
        return 0.0, 0.0
    gain = after.astype(float) - before.astype(float)
    drawn = np.random.default_rng(SEED).integers(0, len(gain), (ROUNDS, len(gain)))
    low, high = np.quantile(gain[drawn].mean(axis=1), (NOISE, 1.0 - NOISE))
    return float(low), float(high)


def _recalls(right: Sequence[str], before: NDArray[np.bool_], after: NDArray[np.bool_]) -> tuple[Recall, ...]:
    labels = np.array(right, object)
    return tuple(
        Recall(key, int((labels == key).sum()), int(before[labels == key].sum()), int(after[labels == key].sum()))
        for key in sorted(set(right))
    )


def _fallen(right: Sequence[str], before: NDArray[np.bool_], after: NDArray[np.bool_]) -> list[str]:
    """Departments whose whole range of gain lies below nothing; many are looked at, so each must be clear."""
    labels = np.array(right, object)
    found = []
    for key in sorted(set(right)):
        lost = int((before & ~after & (labels == key)).sum())
        won = int((~before & after & (labels == key)).sum())
        if lost and lower_bound(np.array([float(lost)]), np.array([float(lost + won)]))[0] > 0.5 and lost - won >= 3:
            found.append(key)
    return found


def _confusions(right: Sequence[str], guessed: Sequence[str]) -> tuple[Confusion, ...]:
    counts = Counter((r, g) for r, g in zip(right, guessed, strict=True) if r != g)
    return tuple(Confusion(r, g, n) for (r, g), n in counts.most_common())


def _key(example: Example) -> tuple[str, str]:
    return example.question.subject, example.question.text
