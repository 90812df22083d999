"""Several opinions made one: what a message reads like to the model of topics, what this library's own texts say, and
both once more by what a sentence encoder makes of it, where there is one.

Owns the logarithmic pool of them (Genest and Zidek 1986) and its inner workings: chances of departments, and what each
word did for them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.dense import Dense
from mailbot.classify.features import Doubles, Floats, Longs, Occurrences
from mailbot.classify.linear import Linear, Scored, softmax, token_scores
from mailbot.classify.text import Tokens
from mailbot.classify.topical import department_chances

UNHEARD = 0.02
"""The chance shared out evenly whatever the topics say: a department may do what the collection knows nothing of."""
LEAST = 1e-9
"""The chance that the library's own texts leave to a department at least."""


@dataclass(frozen=True, slots=True, eq=False)
class Topical:
    """The model of topics and who covers them here: ``cover`` is topics by departments (as ``Pooled.keys``), the
    chance that a department gets the topic; less for nobody, since little of a library's mail is nobody's.
    """

    linear: Linear
    cover: Doubles

    def chances(self, scores: NDArray[np.floating]) -> Doubles:
        """Departments' chances from topics' scores."""
        return covered(scores, self.cover)


@dataclass(frozen=True, slots=True, eq=False)
class Meant:
    """The same two opinions by the vectors of the encoder of that name; either may be missing.

    ``languages`` are those it knows: for others the lexical opinions stand alone. Where that was never found out, it
    is None, and all are taken for known.
    """

    encoder: str
    topics: Dense | None
    own: Dense | None
    languages: frozenset[str] | None

    def knows(self, language: str) -> bool:
        """Whether vectors of texts in this language ("" for an unknown one) say anything."""
        return not language or self.languages is None or language in self.languages


@dataclass(frozen=True, slots=True)
class Say:
    """How much each opinion counts."""

    topical: float = 0.0
    own: float = 0.0
    meant_topical: float = 0.0
    meant_own: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The lexical opinions on a batch of texts, and what came of all: ``chances`` is texts by ``Pooled.keys``;
    ``tokens`` is their number in the batch, ``first_token`` where those of each text begin.
    """

    topics: Scored | None
    own: Scored | None
    chances: Doubles
    first_token: Longs
    tokens: int


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Chances proportional to the product of all opinions, each to the power of its ``say``. Any may be missing.

    ``keys`` are the departments' keys and, where anything is known of it, ``NOBODY``. ``alone`` is the say of the
    lexical opinions where the encoder has none.
    """

    keys: tuple[str, ...]
    topical: Topical | None
    own: Linear | None
    alone: Say
    meant: Meant | None = None
    say: Say = Say()

    def hear(self, texts: Sequence[Tokens], vectors: Floats | None = None) -> Heard:
        """The chances of a batch of texts. ``vectors`` are those of the encoder, a row of NaN where it has none."""
        topics = self.topics(texts)
        own = None if self.own is None else self.own.score(self._occurrences(texts, self.own))
        logs = np.zeros((4, len(texts), len(self.keys)))
        if self.topical is not None and topics is not None:
            logs[0] = np.log(self.topical.chances(topics.scores))
        if self.own is not None and own is not None:
            logs[1] = own_logs(own.scores, self.own.labels, self.keys)
        known = np.zeros(len(texts), bool) if vectors is None else ~np.isnan(vectors[:, 0])
        if self.meant is not None and vectors is not None and known.any():
            logs[2:, known] = meant_logs(self.meant, vectors[known], self.topical, self.keys)
        weights = np.where(known[None, :], _column(self.say), _column(self.alone))
        chances = softmax((weights[:, :, None] * logs).sum(axis=0))
        first = next((one.occurrences.first_token for one in (topics, own) if one is not None), None)
        begins = np.zeros(len(texts), np.int64) if first is None else first
        return Heard(topics, own, chances, begins, sum(len(text.forms) for text in texts))

    def topics(self, texts: Sequence[Tokens]) -> Scored | None:
        """What a batch of texts scores by topics, None without a model of them."""
        return (
            None if self.topical is None else self.topical.linear.score(self._occurrences(texts, self.topical.linear))
        )

    @staticmethod
    def _occurrences(texts: Sequence[Tokens], linear: Linear) -> Occurrences:
        return linear.vocabulary.occurrences(texts)

    def pulls(self, heard: Heard, this: Longs, that: Longs) -> Doubles:
        """How much each token speaks for department ``this[i]`` rather than ``that[i]`` (columns): what the log odds
        of the lexical opinions would lose without it.
        """
        tokens = np.diff(np.append(heard.first_token, heard.tokens))
        text = np.repeat(np.arange(len(tokens)), tokens)
        found = np.zeros(heard.tokens)
        if self.topical is not None and heard.topics is not None:
            scores = heard.topics.scores[text]
            without = scores - _padded(token_scores(heard.topics), heard.tokens)
            logs = [np.log(self.topical.chances(each)) for each in (scores, without)]
            lost = _odds(logs[0], this[text], that[text]) - _odds(logs[1], this[text], that[text])
            found += self.alone.topical * lost
        if self.own is not None and heard.own is not None:
            added = np.zeros((heard.tokens, len(self.keys)))
            columns = [self.keys.index(label) for label in self.own.labels]
            added[:, columns] = _padded(token_scores(heard.own), heard.tokens)
            found += self.alone.own * _odds(added, this[text], that[text])
        return found

    def knows(self, text: Tokens) -> bool:
        """Whether any word of the text was seen in training."""
        linears = (self.own, None if self.topical is None else self.topical.linear)
        return any(linear.vocabulary.knows(form) for linear in linears if linear is not None for form in text.forms)


def covered(scores: NDArray[np.floating], cover: Doubles) -> Doubles:
    """Departments' chances from topics' scores and who covers the topics."""
    chances: Doubles = (1.0 - UNHEARD) * department_chances(scores, cover) + UNHEARD / cover.shape[1]
    return chances


def own_logs(scores: NDArray[np.floating], labels: Sequence[str], keys: Sequence[str]) -> Doubles:
    """Log chances by ``keys``. A department that the model has nothing on is neither spoken for nor against."""
    logs = np.full((len(scores), len(keys)), -np.log(len(labels)))
    logs[:, [keys.index(label) for label in labels]] = np.log(np.maximum(softmax(scores), LEAST))
    return logs


def meant_logs(meant: Meant, vectors: Floats, topical: Topical | None, keys: Sequence[str]) -> Doubles:
    """Log chances by ``keys`` for either of the encoder's opinions; 0 for one that is missing."""
    logs = np.zeros((2, len(vectors), len(keys)))
    if meant.topics is not None and topical is not None:
        logs[0] = np.log(covered(meant.topics.scores(vectors), topical.cover))
    if meant.own is not None:
        logs[1] = own_logs(meant.own.scores(vectors), meant.own.labels, keys)
    return logs


def _column(say: Say) -> Doubles:
    return np.array([[say.topical], [say.own], [say.meant_topical], [say.meant_own]])


def _odds(logs: NDArray[np.floating], this: Longs, that: Longs) -> Doubles:
    """Of each row, the one column against the other."""
    rows = np.arange(len(logs))
    odds: Doubles = (logs[rows, this] - logs[rows, that]).astype(np.float64)
    return odds


def _padded(rows: Floats, number: int) -> Floats:
    """As many rows; the last tokens of a batch may be unknown to a model, and then it has none for them."""
    return np.pad(rows, ((0, number - len(rows)), (0, 0)))
