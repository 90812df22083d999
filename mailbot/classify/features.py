"""Texts to numbers: TF-IDF over words, pairs of words and the characters inside words.

The same features as scikit-learn's ``TfidfVectorizer`` for words 1-2 and ``char_wb`` 2-4 (sublinear, accents
folded), computed a word at a time: what a word contributes never changes, so it is looked up, not counted again.
That makes it several times faster, and every number can be traced back to the words it came from, which the
reasons need. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from mailbot.classify.text import Tokens, is_unspaced

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Doubles = NDArray[np.float64]

SHORTEST_GRAM, LONGEST_GRAM = 2, 4
WORDS = 0.7
"""The length of the part of words; that of characters is 1. What a word is made of is known of more words."""
REMEMBERED_WORDS = 40_000
"""Distinct words whose features are kept in memory (some 250 bytes each)."""


def word_terms(form: str) -> Iterator[str]:
    """The terms of one word: itself, and its character n-grams with a space at either end."""
    yield form
    if is_unspaced(form):
        return
    padded = f" {form} "
    for n in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        if n >= len(padded):
            yield "\0" + padded
            return
        for i in range(len(padded) - n + 1):
            yield "\0" + padded[i : i + n]


def pair_term(first: str, second: str) -> str:
    """The term of two neighbouring words."""
    return f"{first} {second}"


def is_of_characters(term: str) -> bool:
    """Whether a term is made of characters; the others are made of words."""
    return term.startswith("\0")


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where each feature of a batch comes from, besides its matrix.

    Of every occurrence: ``cell`` (place in ``matrix.data``), ``token`` (running number over the batch) and ``share``
    (of the cell; the shares of a cell add up to 1). A pair occurs half at either of its words.
    ``first_token[i]`` is the number of the first token of text i.
    """

    matrix: csr_matrix
    cell: Longs
    token: Longs
    share: Doubles
    first_token: Longs


@dataclass(slots=True)
class Vocabulary:
    """The terms that a model knows, in the order of its columns, and how telling each one is (``idf``).

    Terms of words come first; ``n_words`` says how many. Either kind is scaled to a length of its own, so that
    neither drowns the other.
    """

    terms: tuple[str, ...]
    idf: Floats
    n_words: int
    _columns: dict[str, int] = field(init=False, repr=False)
    _of_word: dict[str, Ints] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._columns = {term: i for i, term in enumerate(self.terms)}
        self._of_word = {}

    def __len__(self) -> int:
        return len(self.terms)

    def knows(self, term: str) -> bool:
        """Whether a word (or pair of words) was seen in training."""
        return term in self._columns

    def matrix(self, texts: Sequence[Tokens]) -> csr_matrix:
        """One row a text."""
        return self.occurrences(texts).matrix

    def occurrences(self, texts: Sequence[Tokens]) -> Occurrences:
        """One row a text, and which token each number comes from."""
        features, tokens, singles, first_token = self._gather(texts)
        row = np.searchsorted(first_token, tokens, side="right") - 1
        keys, cell = np.unique(row * len(self.terms) + features, return_inverse=True)
        weight = np.ones(len(features))
        weight[singles:] = 0.5
        counts = np.bincount(cell, weights=weight, minlength=len(keys))
        row, column = np.divmod(keys, max(1, len(self.terms)))
        data = (1.0 + np.log(counts)) * self.idf[column]
        data /= _lengths(row, column >= self.n_words, data, len(texts))
        matrix = _csr(data, row, column, (len(texts), len(self.terms)))
        return Occurrences(matrix, cell, tokens, weight / counts[cell], first_token)

    def _gather(self, texts: Sequence[Tokens]) -> tuple[Longs, Longs, int, Longs]:
        """Column and token of every occurrence, those of pairs last; how many come before; each text's first token."""
        parts: list[Ints] = []
        pairs: list[int] = []
        at: list[int] = []
        first: list[int] = []
        number = 0
        columns = self._columns
        for tokens in texts:
            first.append(number)
            before = ""
            for form in tokens.forms:
                parts.append(self._word(form))
                pair = columns.get(f"{before} {form}") if before else None
                if pair is not None:
                    pairs += (pair, pair)
                    at += (number - 1, number)
                before = form
                number += 1
        singles = np.concatenate(parts) if parts else np.empty(0, np.int32)
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        token = np.concatenate([np.repeat(np.arange(number), sizes), np.array(at, np.int64)])
        feature = np.concatenate([singles, np.array(pairs, np.int64)])
        return feature, token, len(singles), np.array(first, np.int64)

    def _word(self, form: str) -> Ints:
        found = self._of_word.get(form)
        if found is None:
            columns = self._columns
            ids = [columns[term] for term in word_terms(form) if term in columns]
            found = np.array(ids, np.int32)
            if len(self._of_word) >= REMEMBERED_WORDS:
                self._of_word.clear()
            self._of_word[form] = found
        return found


def learn_vocabulary(texts: Sequence[Tokens], *, smallest: int = 1) -> Vocabulary:
    """Every term that stands in at least ``smallest`` of the texts. ``idf`` is smoothed as in scikit-learn."""
    terms, frequency = _document_frequency(texts)
    kept: list[int] = np.flatnonzero(frequency >= smallest).tolist()
    kept.sort(key=lambda i: (is_of_characters(terms[i]), terms[i]))
    idf = np.log((1.0 + len(texts)) / (1.0 + frequency[kept])) + 1.0
    names = tuple(terms[i] for i in kept)
    return Vocabulary(names, idf.astype(np.float32), sum(not is_of_characters(term) for term in names))


def _document_frequency(texts: Iterable[Tokens]) -> tuple[list[str], Longs]:
    """Every term, and in how many texts it stands; a word's own terms are looked up once a word."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    of_word: dict[str, Ints] = {}
    seen: list[Ints] = [np.empty(0, np.int32)]
    for tokens in texts:
        parts: list[Ints] = [np.array([number[pair_term(*pair)] for pair in pairwise(tokens.forms)], np.int32)]
        for form in set(tokens.forms):
            if form not in of_word:
                of_word[form] = np.array([number[term] for term in word_terms(form)], np.int32)
            parts.append(of_word[form])
        seen.append(np.unique(np.concatenate(parts)))
    return list(number), np.bincount(np.concatenate(seen), minlength=len(number))


def restrict(matrix: csr_matrix, known: NDArray[np.bool_], n_words: int) -> csr_matrix:
    """The rows as they are where only some terms are ``known``: the others gone, either kind as long as before."""
    entry = known[matrix.indices]
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[entry]
    column, data = matrix.indices[entry].astype(np.int64), matrix.data[entry].astype(np.float64)
    data /= _lengths(row, column >= n_words, data, matrix.shape[0])
    return _csr(data, row, column, matrix.shape)


def _lengths(row: Longs, of_characters: NDArray[np.bool_], data: Doubles, n: int) -> Doubles:
    """For each entry what to divide it by, for its row to get the right length, words and characters by themselves."""
    block = row * 2 + of_characters
    wanted = np.where(of_characters, 1.0, WORDS)
    return np.sqrt(np.bincount(block, weights=data * data, minlength=2 * n))[block] / wanted


def _csr(data: Doubles, row: Longs, column: Longs, shape: tuple[int, int]) -> csr_matrix:
    indptr = np.zeros(shape[0] + 1, np.int32)
    np.cumsum(np.bincount(row, minlength=shape[0]), out=indptr[1:])
    matrix = csr_matrix((data.astype(np.float32), column.astype(np.int32), indptr), shape=shape)
    matrix.has_canonical_format = True
    return matrix
