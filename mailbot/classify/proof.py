"""What the library's own labelled mail proves of a model: how often it is right, and how true its confidence is.

Judged on messages that a fit had not seen. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.evidence import lower_bound
from mailbot.classify.features import Doubles, Longs

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages of like confidence: its mean, the share of them that was guessed right, how many they are."""

    confidence: float
    right: float
    messages: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Of so many labelled messages: how many are guessed right, how many would go out without a person, how many of
    these rightly, and at least how many of all such (with a certainty of 90 %); how many have the right department
    among the suggestions, how long that list is; and how true the confidence is.
    """

    messages: int
    right: float
    sure: float
    precision: float
    at_least: float
    suggested: float
    suggestions: float
    bins: tuple[Bin, ...]


def prove(chances: Doubles, labels: Longs, threshold: float, admit: float, nobody: int | None) -> Proof:
    """What chances of departments (texts by departments) prove, given the right columns."""
    best, confidence = chances.argmax(axis=1), chances.max(axis=1)
    right = best == labels
    sure = (confidence >= threshold) & (best != (-1 if nobody is None else nobody))
    hits, count = float((right & sure).sum()), float(sure.sum())
    somebodys = np.flatnonzero(labels != (-1 if nobody is None else nobody))
    offered = chances[somebodys] >= admit
    if nobody is not None:
        offered[:, nobody] = False
    return Proof(
        messages=len(labels),
        right=float(right.mean()) if len(labels) else 0.0,
        sure=float(sure.mean()) if len(labels) else 0.0,
        precision=hits / count if count else 0.0,
        at_least=float(lower_bound(np.array([hits]), np.array([count]))[0]) if count else 0.0,
        suggested=float(offered[np.arange(len(somebodys)), labels[somebodys]].mean()) if len(somebodys) else 0.0,
        suggestions=float(offered.sum(axis=1).mean()) if len(somebodys) else 0.0,
        bins=bins_of(confidence, right),
    )


def bins_of(confidence: Doubles, right: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Messages by confidence, in steps of a tenth; empty steps are left out."""
    step = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(float(confidence[step == one].mean()), float(right[step == one].mean()), int((step == one).sum()))
        for one in range(BINS)
        if (step == one).any()
    )
