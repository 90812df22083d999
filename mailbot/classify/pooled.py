"""Two opinions made one: what a message reads like to the model of topics, and what this library's own texts say.

Owns the logarithmic pool of both and its inner workings: chances of departments, and what each word did for them.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.features import Doubles, Floats, Longs
from mailbot.classify.linear import Linear, Scored, pulls, softmax
from mailbot.classify.text import Tokens
from mailbot.classify.topical import department_chances, direction

UNHEARD = 0.02
"""The chance shared out evenly whatever the topics say: a department may do what the collection knows nothing of."""


@dataclass(frozen=True, slots=True, eq=False)
class Topical:
    """The model of topics and who covers them here: ``cover`` is topics by departments (as ``Pooled.keys``): 1
    where a department covers a topic, less where nobody does, since little of a library's mail is about that.
    """

    linear: Linear
    cover: Doubles

    def chances(self, scores: NDArray[np.floating]) -> Doubles:
        """Departments' chances from topics' scores."""
        told = department_chances(scores, self.cover, 1.0)
        chances: Doubles = (1.0 - UNHEARD) * told + UNHEARD / self.cover.shape[1]
        return chances


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Both opinions on a batch of texts, and what came of them: ``chances`` is texts by ``Pooled.keys``."""

    topics: Scored | None
    own: Scored | None
    chances: Doubles
    first_token: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Chances proportional to ``topical ** say[0] * own ** say[1]``. Either opinion may be missing.

    ``keys`` are the departments' keys and, where anything is known of it, ``NOBODY``.
    """

    keys: tuple[str, ...]
    topical: Topical | None
    own: Linear | None
    say: tuple[float, float]

    def hear(self, texts: Sequence[Tokens]) -> Heard:
        """The chances of a batch of texts."""
        logs = np.zeros((len(texts), len(self.keys)))
        topics = own = None
        first_token = np.zeros(len(texts), np.int64)
        if self.topical is not None:
            topics = self.topical.linear.score(self.topical.linear.vocabulary.occurrences(texts))
            logs += self.say[0] * np.log(self.topical.chances(topics.scores))
            first_token = topics.occurrences.first_token
        if self.own is not None:
            own = self.own.score(self.own.vocabulary.occurrences(texts))
            logs += self.say[1] * own_logs(own.scores, self.own, self.keys)
            first_token = own.occurrences.first_token
        return Heard(topics, own, softmax(logs), first_token)

    def pulls(self, heard: Heard, this: Longs, that: Longs) -> Doubles:
        """How much each token speaks for department ``this[i]`` rather than ``that[i]`` (columns), in log odds.

        Exact for the library's own opinion; for topics it is the slope at this message.
        """
        found = np.zeros(0)
        if self.topical is not None and heard.topics is not None:
            slope = direction(heard.topics.scores, self.topical.cover, 1.0, this, that)
            found = self.say[0] * pulls(heard.topics, slope)
        if self.own is not None and heard.own is not None:
            slope = self.say[1] / self.own.temperature * _difference(self.own, self.keys, this, that)
            more = pulls(heard.own, slope.astype(np.float32))
            longer = max(len(found), len(more))
            found = np.pad(found, (0, longer - len(found))) + np.pad(more, (0, longer - len(more)))
        return found

    def knows(self, text: Tokens) -> bool:
        """Whether any word of the text was seen in training."""
        linears = (self.own, None if self.topical is None else self.topical.linear)
        return any(linear.vocabulary.knows(form) for linear in linears if linear is not None for form in text.forms)


def own_logs(scores: NDArray[np.floating], linear: Linear, keys: Sequence[str]) -> Doubles:
    """Log chances by ``keys``. A department that the model has nothing on is neither spoken for nor against."""
    logs = np.full((len(scores), len(keys)), -np.log(len(linear.labels)))
    logs[:, [keys.index(label) for label in linear.labels]] = np.log(np.maximum(linear.probabilities(scores), 1e-9))
    return logs


def _difference(linear: Linear, keys: Sequence[str], this: Longs, that: Longs) -> Floats:
    """Texts by the model's labels: 1 for this department, -1 for that one."""
    column = {label: i for i, label in enumerate(linear.labels)}
    found = np.zeros((len(this), len(linear.labels)), np.float32)
    for i, (a, b) in enumerate(zip(this, that, strict=True)):
        for key, sign in ((keys[a], 1.0), (keys[b], -1.0)):
            if key in column:
                found[i, column[key]] += sign
    return found
