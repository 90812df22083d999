"""A linear text model: weights a term and a label, and a temperature that makes its scores probabilities.

Knows no departments, only labels, and not how it was fitted. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.features import Doubles, Floats, Longs, Occurrences, Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What a batch of texts scores: one row a text, one column a label.

    ``weights`` are those of the terms that stand in the batch, ``column`` is the row in it of each matrix entry.
    """

    occurrences: Occurrences
    weights: Floats
    column: Longs
    scores: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """``weights`` (16-bit floats) is terms by labels, ``intercept`` one a label.

    Probabilities are ``softmax(scores / temperature)`` (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    """

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    weights: NDArray[np.float16]
    intercept: Floats
    temperature: float

    def score(self, occurrences: Occurrences) -> Scored:
        """The scores of a batch. Only the weights of its own terms are looked at."""
        matrix = occurrences.matrix
        terms, column = np.unique(matrix.indices, return_inverse=True)
        weights = self.weights[terms].astype(np.float32)
        narrow = csr_matrix((matrix.data, column, matrix.indptr), shape=(matrix.shape[0], len(terms)))
        return Scored(occurrences, weights, column, narrow @ weights + self.intercept)

    def probabilities(self, scores: NDArray[np.floating]) -> Doubles:
        """Scores as probabilities, each row adding up to 1."""
        return softmax(scores / self.temperature)


def pulls(scored: Scored, direction: Floats) -> Doubles:
    """How much each token of a batch moves the scores of its text in a ``direction`` (texts by labels).

    Exact: over the tokens of text i they add up to ``direction[i] @ (scores[i] - intercept)``.
    """
    matrix = scored.occurrences.matrix
    value = np.empty(matrix.nnz)
    for i, (start, end) in enumerate(zip(matrix.indptr, matrix.indptr[1:], strict=False)):
        labels = np.flatnonzero(direction[i])
        rows = scored.column[start:end]
        value[start:end] = matrix.data[start:end] * (scored.weights[np.ix_(rows, labels)] @ direction[i, labels])
    occurrences = scored.occurrences
    shares = value[occurrences.cell] * occurrences.share
    tokens = int(occurrences.token.max(initial=-1)) + 1
    return np.bincount(occurrences.token, weights=shares, minlength=tokens).astype(np.float64)


def softmax(scores: NDArray[np.floating]) -> Doubles:
    """Row by row; stands any scores."""
    powers: Doubles = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    chances: Doubles = powers / powers.sum(axis=1, keepdims=True)
    return chances
