"""Which offers and questions of the directory a message reads like, by what it is about.

A word proves little: "room" stands in half of all letters. So each offer and question is read by the model of topics
as a message is, and the two are compared: with the whole message, and with its request alone. Owns that comparison;
what is said, and when, is decided elsewhere. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mailbot.classify.features import Doubles, Floats
from mailbot.classify.linear import softmax
from mailbot.classify.pooled import Pooled
from mailbot.classify.text import tokenise
from mailbot.library import Ask, Department, Offer, advice_name

ALIKE = 0.8
"""From this likeness on (Bhattacharyya's coefficient of two spreads of topics, 0 to 1) a message is about it. Nearly
all that fit are well above it, and a wrong offer is worse than none."""
TELLING = 0.5
"""The chance of its likeliest topic from which on a request says by itself what it is about."""


@dataclass(frozen=True, slots=True, eq=False)
class Advised:
    """What each offer and question is about: ``roots`` are the square roots of its chances of topics, a row a name."""

    names: tuple[str, ...]
    roots: Doubles

    @classmethod
    def of(cls, departments: Sequence[Department], pooled: Pooled | None) -> Advised | None:
        """All that the departments offer and ask; None where there is nothing, or no model of topics."""
        every = ((one, each) for one in departments for each in _advice(one))
        told = [(advice_name(one, each), _words(each)) for one, each in every]
        if pooled is None or not told:
            return None
        topics = pooled.topics([tokenise(text) for _, text in told])
        return None if topics is None else cls(tuple(name for name, _ in told), np.sqrt(softmax(topics.scores)))

    def like(self, whole: Floats, request: Floats | None = None) -> tuple[str, ...]:
        """The names of what a message is about, and its request alone as well where that tells; by scores of topics."""
        likeness = self._likeness(softmax(whole[None]))
        wanted = None if request is None else softmax(request[None])
        if wanted is not None and wanted.max() >= TELLING:
            likeness = np.minimum(likeness, self._likeness(wanted))
        return tuple(name for name, one in zip(self.names, likeness.tolist(), strict=True) if one >= ALIKE)

    def _likeness(self, topics: Doubles) -> Doubles:
        """With each offer and question, of one text's chances of topics (a row)."""
        likeness: Doubles = self.roots @ np.sqrt(topics[0])
        return likeness


def _advice(department: Department) -> tuple[Ask | Offer, ...]:
    return (*department.meanwhile, *department.asks)


def _words(one: Ask | Offer) -> str:
    """Its own words in the language that comes first, and those that its patterns look for."""
    text, patterns = (one.ask, one.when) if isinstance(one, Ask) else (one.offer, one.about)
    bare = (re.sub(r"\\\w|\[[^\]]*\]|\{[^}]*\}", " ", pattern) for pattern in patterns)
    sought = dict.fromkeys(word for pattern in bare for word in re.findall(r"[^\W\d_]{3,}", pattern))
    return " ".join((next(iter(text.values()), ""), *sought))
