"""Whether a text comes near anything a classifier was taught, where nothing has taught it what is nobody's.

Chances can't tell: of all departments one is always the likeliest. Scores, before they are made chances, can: a text
that has little in common with the texts of any label scores low for all of them (the energy of Liu et al. 2020). Owns
that measure and how far is too far. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from mailbot.classify.features import Doubles, Floats

OUTSIDE = 0.05
"""The share of messages that are somebody's and are left to people all the same, as most of these would be anyway."""
A_FIFTH = 0.2
"""Of the way from a text of unknown words to the middle one; who comes further is not far. Where labelled messages are
much alike, nearly all lie close together, and that says nothing of how others may put things.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Scores of texts that are somebody's, by a model that had not seen them, and those of a text of unknown words."""

    scores: Floats
    nothing: Floats

    def limit(self) -> float | None:
        """How near a text has to come; None for too few texts."""
        near = np.sort(nearness(self.scores))
        place = int(OUTSIDE * (len(near) + 1)) - 1
        nothing = float(nearness(self.nothing[None])[0])
        return None if place < 0 else float(min(near[place], nothing + A_FIFTH * (np.median(near) - nothing)))


@dataclass(frozen=True, slots=True)
class Reach:
    """How near a text has to come to be anybody's: by its words, and by what the encoder makes of it (None: none)."""

    words: float
    meaning: float | None = None

    def leaves_out(self, words: NDArray[np.floating], meaning: Floats | None) -> NDArray[np.bool_]:
        """Which texts with these scores (texts by labels) come near nothing, in either way. A text that the encoder
        knows nothing of (NaN) is judged by its words.
        """
        far = nearness(words) < self.words
        if self.meaning is None or meaning is None:
            return far
        near = nearness(meaning)
        return far & (np.isnan(near) | (near < self.meaning))


def nearness(scores: NDArray[np.floating]) -> Doubles:
    """One number a text, the larger the more it has in common with some label."""
    near: Doubles = logsumexp(scores.astype(np.float64), axis=1)
    return near


def reach_of(words: Sample, meaning: Sample | None = None) -> Reach | None:
    """How far it reaches. None where there are too few texts to say."""
    near = words.limit()
    return None if near is None else Reach(near, None if meaning is None else meaning.limit())
