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
from mailbot.classify.linear import Linear, Scored, softmax, token_scores
from mailbot.classify.text import Tokens
from mailbot.classify.topical import department_chances

UNHEARD = 0.02
"""The chance shared out evenly whatever the topics say: a department may do what the collection knows nothing of."""


@dataclass(frozen=True, slots=True, eq=False)
class Topical:
    """The model of topics and who covers them here: ``cover`` is topics by departments (as ``Pooled.keys``), the
    chance that a department gets the topic; less for nobody, since little of a library's mail is nobody's.
    """

    linear: Linear
    cover: Doubles

    def chances(self, scores: NDArray[np.floating]) -> Doubles:
        """Departments' chances from topics' scores."""
        told = department_chances(scores, self.cover)
        chances: Doubles = (1.0 - UNHEARD) * told + UNHEARD / self.cover.shape[1]
        return chances


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Both opinions on a batch of texts, and what came of them: ``chances`` is texts by ``Pooled.keys``; ``tokens`` is
    their number in the batch, ``first_token`` where those of each text begin.
    """

    topics: Scored | None
    own: Scored | None
    chances: Doubles
    first_token: Longs
    tokens: int


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
        return Heard(topics, own, softmax(logs), first_token, sum(len(text.forms) for text in texts))

    def pulls(self, heard: Heard, this: Longs, that: Longs) -> Doubles:
        """How much each token speaks for department ``this[i]`` rather than ``that[i]`` (columns): what the log odds
        would lose without it.
        """
        tokens = np.diff(np.append(heard.first_token, heard.tokens))
        text = np.repeat(np.arange(len(tokens)), tokens)
        found = np.zeros(heard.tokens)
        if self.topical is not None and heard.topics is not None:
            scores = heard.topics.scores[text]
            without = scores - _padded(token_scores(heard.topics), heard.tokens)
            logs = [np.log(self.topical.chances(each)) for each in (scores, without)]
            found += self.say[0] * (_odds(logs[0], this[text], that[text]) - _odds(logs[1], this[text], that[text]))
        if self.own is not None and heard.own is not None:
            added = np.zeros((heard.tokens, len(self.keys)))
            added[:, [self.keys.index(label) for label in self.own.labels]] = _padded(
                token_scores(heard.own), heard.tokens
            )
            found += self.say[1] * _odds(added, this[text], that[text])
        return found

    def knows(self, text: Tokens) -> bool:
        """Whether any word of the text was seen in training."""
        linears = (self.own, None if self.topical is None else self.topical.linear)
        return any(linear.vocabulary.knows(form) for linear in linears if linear is not None for form in text.forms)


def own_logs(scores: NDArray[np.floating], linear: Linear, keys: Sequence[str]) -> Doubles:
    """Log chances by ``keys``. A department that the model has nothing on is neither spoken for nor against."""
    logs = np.full((len(scores), len(keys)), -np.log(len(linear.labels)))
    logs[:, [keys.index(label) for label in linear.labels]] = np.log(np.maximum(softmax(scores), 1e-9))
    return logs


def _odds(logs: NDArray[np.floating], this: Longs, that: Longs) -> Doubles:
    """Of each row, the one column against the other."""
    rows = np.arange(len(logs))
    odds: Doubles = (logs[rows, this] - logs[rows, that]).astype(np.float64)
    return odds


def _padded(rows: Floats, number: int) -> Floats:
    """As many rows; the last tokens of a batch may be unknown to a model, and then it has none for them."""
    return np.pad(rows, ((0, number - len(rows)), (0, 0)))
