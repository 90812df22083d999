"""Earlier labelled questions most like a new one: by the words they share, the telling ones above all.

Owns the search. Keeps no text, only numbers of terms and the ids under which the store knows the messages. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from mailbot.classify.features import Longs, Vocabulary
from mailbot.classify.reasons import function_words
from mailbot.classify.text import Tokens

MOST_KEPT = 20_000
"""Messages, the newest; older ones say little of how things are done today."""
MOST_NAMED = 3
ALIKE = 0.3
"""The cosine from which on two messages are about the same thing."""


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """Messages by telling words, each row of length 1, and their ids in the store. ``columns`` are the terms of the
    vocabulary that tell anything: words and pairs without a function word.
    """

    rows: csr_matrix
    ids: Longs
    columns: Longs

    def most_like(self, texts: Sequence[Tokens], vocabulary: Vocabulary) -> list[tuple[int, ...]]:
        """For each text the ids of the messages most like it, best first; none that is not alike."""
        if not len(self.ids):
            return [()] * len(texts)
        alike = (_rows(texts, vocabulary, self.columns) @ self.rows.T).tocsr()
        return [self._best(alike, i) for i in range(len(texts))]

    def _best(self, alike: csr_matrix, row: int) -> tuple[int, ...]:
        begin, end = alike.indptr[row : row + 2]
        values = alike.data[begin:end]
        order = np.argsort(-values, kind="stable")[:MOST_NAMED]
        return tuple(int(self.ids[alike.indices[begin + i]]) for i in order.tolist() if values[i] >= ALIKE)


def remember(texts: Sequence[Tokens], ids: Sequence[int], vocabulary: Vocabulary) -> Earlier:
    """The messages that can be found again; of very many, the last."""
    stop = function_words()
    words = vocabulary.terms[: vocabulary.n_words] if ids else ()
    columns = np.array([i for i, term in enumerate(words) if stop.isdisjoint(term.split())], np.int64)
    return Earlier(_rows(texts[-MOST_KEPT:], vocabulary, columns), np.array(ids[-MOST_KEPT:], np.int64), columns)


def _rows(texts: Sequence[Tokens], vocabulary: Vocabulary, columns: Longs) -> csr_matrix:
    """Only words and pairs: what two messages have in common must be something that people can see."""
    rows = vocabulary.matrix(texts)[:, columns].tocsr()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    scale = csr_matrix((1.0 / np.maximum(lengths, 1e-9), (np.arange(len(texts)),) * 2), shape=(len(texts),) * 2)
    found: csr_matrix = (scale @ rows).tocsr().astype(np.float32)
    return found
