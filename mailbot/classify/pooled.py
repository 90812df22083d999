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
from mailbot.classify.features import Doubles, Floats, Longs, Pieces
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

    @property
    def numbers(self) -> Doubles:
        """In this order."""
        return np.array([self.topical, self.own, self.meant_topical, self.meant_own])


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """The lexical opinions on a batch of texts, and what came of all: ``chances`` is texts by ``Pooled.keys``,
    ``by_words`` the same without the encoder; ``tokens`` is their number in the batch, ``first_token`` where those of
    each text begin.
    """

    topics: Scored | None
    own: Scored | None
    chances: Doubles
    by_words: Doubles
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
        topics, own = (
            None if linear is None else linear.score(linear.vocabulary.occurrences(texts)) for linear in self._linears
        )
        logs = self._logs(None if topics is None else topics.scores, None if own is None else own.scores, len(texts))
        by_words = softmax(np.tensordot(self.alone.numbers, logs, axes=1))
        chances = by_words if vectors is None else self._with_meaning(logs, vectors)
        first = next((one.occurrences.first_token for one in (topics, own) if one is not None), None)
        begins = np.zeros(len(texts), np.int64) if first is None else first
        return Heard(topics, own, chances, by_words, begins, sum(len(text.forms) for text in texts))

    def again(self, heard: Heard, pieces: Pieces, vectors: Floats | None = None) -> Doubles:
        """The chances of pieces of texts that were heard, one row a piece; ``vectors`` as for ``hear``."""
        topics, own = (
            None if linear is None or scored is None else linear.scores_of(scored, pieces)
            for linear, scored in zip(self._linears, (heard.topics, heard.own), strict=True)
        )
        logs = self._logs(topics, own, pieces.number)
        if vectors is None:
            return softmax(np.tensordot(self.alone.numbers, logs, axes=1))
        return self._with_meaning(logs, vectors)

    def topics(self, texts: Sequence[Tokens]) -> Scored | None:
        """What a batch of texts scores by topics, None without a model of them."""
        linear = self._linears[0]
        return None if linear is None else linear.score(linear.vocabulary.occurrences(texts))

    @property
    def _linears(self) -> tuple[Linear | None, Linear | None]:
        return (None if self.topical is None else self.topical.linear, self.own)

    def _logs(self, topics: Floats | None, own: Floats | None, texts: int) -> Doubles:
        """Log chances by each lexical opinion, by their scores; 0 for one that is missing, and for the encoder's."""
        logs = np.zeros((4, texts, len(self.keys)))
        if self.topical is not None and topics is not None:
            logs[0] = np.log(self.topical.chances(topics))
        if self.own is not None and own is not None:
            logs[1] = own_logs(own, self.own.labels, self.keys)
        return logs

    def _with_meaning(self, logs: Doubles, vectors: Floats) -> Doubles:
        """Chances by all opinions, by the lexical ones alone where the encoder has none."""
        known = ~np.isnan(vectors[:, 0])
        if self.meant is not None and known.any():
            logs = logs.copy()
            logs[2:, known] = meant_logs(self.meant, vectors[known], self.topical, self.keys)
        weights = np.where(known[:, None], self.say.numbers, self.alone.numbers)
        return softmax(np.einsum("io,oik->ik", weights, logs))

    def pulls(self, heard: Heard, this: Longs, that: Longs) -> Doubles:
        """How much each token speaks for department ``this[i]`` rather than ``that[i]`` (columns): what the log odds
        of the lexical opinions would lose without it.
        """
        tokens = np.diff(np.append(heard.first_token, heard.tokens))
        text = np.repeat(np.arange(len(tokens)), tokens)
        found = np.zeros(heard.tokens)
        if self.topical is not None and heard.topics is not None:
            without = heard.topics.scores[text] - _padded(token_scores(heard.topics), heard.tokens)
            whole, less = (np.log(self.topical.chances(scores)) for scores in (heard.topics.scores, without))
            found += self.alone.topical * (_odds(whole, this, that)[text] - _odds(less, this[text], that[text]))
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


def _odds(logs: NDArray[np.floating], this: Longs, that: Longs) -> Doubles:
    """Of each row, the one column against the other."""
    rows = np.arange(len(logs))
    odds: Doubles = (logs[rows, this] - logs[rows, that]).astype(np.float64)
    return odds


def _padded(rows: Floats, number: int) -> Floats:
    """As many rows; the last tokens of a batch may be unknown to a model, and then it has none for them."""
    return np.pad(rows, ((0, number - len(rows)), (0, 0)))
