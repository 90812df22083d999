"""A linear text model: weights a term and a label, so scaled that the softmax of its scores are probabilities.

Knows no departments, only labels, and not how it was fitted. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.features import Doubles, Floats, Ints, Occurrences, Pieces, Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What a batch of texts scores: one row a text, one column a label.

    ``weights`` are those of the terms that stand in the batch, ``place`` says in which row of it, for each term that
    does.
    """

    occurrences: Occurrences
    weights: Floats
    place: Ints
    scores: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """``weights`` (16-bit floats) is terms by labels, ``intercept`` one a label."""

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    weights: NDArray[np.float16]
    intercept: Floats

    def score(self, occurrences: Occurrences) -> Scored:
        """The scores of a batch. Only the weights of its own terms are looked at."""
        place = np.zeros(len(self.weights), np.int32)
        place[occurrences.matrix.indices] = 1
        terms = np.flatnonzero(place)
        place[terms] = np.arange(len(terms))
        weights = self.weights[terms].astype(np.float32)
        return Scored(occurrences, weights, place, self._scores(occurrences.matrix, weights, place))

    def scores_of(self, heard: Scored, pieces: Pieces) -> Floats:
        """The scores of pieces of a batch, one row a piece."""
        matrix = self.vocabulary.matrix_of(heard.occurrences.reading, pieces)
        return self._scores(matrix, heard.weights, heard.place)

    def _scores(self, matrix: csr_matrix, weights: Floats, place: Ints) -> Floats:
        narrow = csr_matrix((matrix.data, place[matrix.indices], matrix.indptr), (matrix.shape[0], len(weights)))
        scores: Floats = narrow @ weights + self.intercept
        return scores


def token_scores(scored: Scored) -> Floats:
    """What each token of a batch adds to the scores of its text: tokens by labels.

    Exact: the tokens of text i add up to ``scores[i] - intercept``.
    """
    matrix, occurrences = scored.occurrences.matrix, scored.occurrences
    tokens = int(occurrences.token.max(initial=-1)) + 1
    values = (matrix.data[occurrences.cell] * occurrences.share).astype(np.float32)
    where = (occurrences.token, scored.place[matrix.indices[occurrences.cell]])
    found: Floats = csr_matrix((values, where), shape=(tokens, len(scored.weights))) @ scored.weights
    return found


def softmax(scores: NDArray[np.floating]) -> Doubles:
    """Row by row; stands any scores."""
    powers: Doubles = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    chances: Doubles = powers / powers.sum(axis=1, keepdims=True)
    return chances
