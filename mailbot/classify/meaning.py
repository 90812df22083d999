"""What the starter collection means to a sentence encoder: the model of topics once more, by vectors.

Owns what is fitted once for each encoder and kept, and which languages the encoder knows. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.dense import Dense, fit_dense
from mailbot.classify.encoder import Encoder
from mailbot.classify.features import Doubles, Floats, Longs
from mailbot.classify.linear import softmax
from mailbot.classify.starter import StarterMessage
from mailbot.classify.text import compose
from mailbot.classify.topical import TopicModel

SHARE = 0.35
"""Of the encoder, where the collection is all there is to go by: it knows more words, the other more of libraries."""


@dataclass(frozen=True, slots=True, eq=False)
class MeantTopics:
    """``dense`` scores topics; ``unseen`` are the scores of the starter messages that the model of topics was fitted
    on, each by a model of the other hands. ``languages`` are those in which the encoder makes the topics clearer.
    """

    encoder: str
    dense: Dense
    unseen: NDArray[np.float16]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoder that is ready, and what it makes of the collection (None where the collection is left out)."""

    encoder: Encoder
    topics: MeantTopics | None


def fit_meant_topics(collection: Sequence[StarterMessage], model: TopicModel, encoder: Encoder) -> MeantTopics:
    """The topics by vectors, on the messages that ``model`` was fitted on. Embeds them all, which takes minutes.

    Messages in languages that the encoder does not know would only mislead: they are found out, and left out.
    """
    messages = [collection[i] for i in model.at.tolist()]
    vectors = encoder.embed([compose(message.question) for message in messages])
    languages = np.array([message.question.language for message in messages])
    _, unseen = _fitted(vectors, model, np.arange(len(messages)))
    known = frozenset(
        language
        for language in sorted(set(languages.tolist()))
        if _helps(model.unseen, unseen, model.truth, np.flatnonzero(languages == language))
    )
    rows = np.flatnonzero(np.isin(languages, sorted(known))) if known else np.arange(len(messages))
    dense, unseen = _fitted(vectors, model, rows)
    return MeantTopics(encoder.name, dense, unseen.astype(np.float16), known)


def _fitted(vectors: Floats, model: TopicModel, rows: Longs) -> tuple[Dense, Floats]:
    """The model on these messages, and the scores of each of them by one of the other hands (of the others: 0)."""
    labels = [model.linear.labels[column] for column in model.truth[rows].tolist()]
    groups = [np.flatnonzero(model.group[rows] == one) for one in np.unique(model.group[rows])]
    dense, scores = fit_dense(vectors[rows], labels, np.ones(len(rows)), groups)
    unseen = np.zeros((len(vectors), len(model.linear.labels)), np.float32)
    columns = np.array([model.linear.labels.index(label) for label in dense.labels])
    unseen[np.ix_(rows, columns)] = scores
    return dense, unseen


def _helps(lexical: NDArray[np.float16], meant: Floats, truth: Longs, rows: Longs) -> bool:
    """Whether the topics of these messages are likelier with the encoder than without."""
    alone = np.log(softmax(lexical[rows].astype(np.float64)))
    both = (1.0 - SHARE) * alone + SHARE * np.log(softmax(meant[rows]))
    return _off(softmax(both), truth[rows]) < _off(softmax(alone), truth[rows])


def _off(chances: Doubles, truth: Longs) -> float:
    return float(-np.log(np.maximum(chances[np.arange(len(truth)), truth], 1e-12)).mean())
