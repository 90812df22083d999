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


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a vocabulary knows of the tokens of a batch of texts, looked up once.

    Token i (running number over the batch) has the terms ``columns[begin[i]:begin[i + 1]]``, and with the token before
    it the pair ``pair[i]`` (-1: none that is known). ``first_token[i]`` is the number of the first token of text i.
    """

    columns: Ints
    begin: Longs
    pair: Longs
    first_token: Longs

    def whole(self) -> Pieces:
        """Each text, whole."""
        tokens = np.arange(len(self.pair))
        return Pieces(tokens, np.searchsorted(self.first_token, tokens, side="right") - 1, len(self.first_token))


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces of the texts of a batch: ``token`` are numbers of tokens (see ``Reading``), in the order in which they
    stand in a piece, ``piece`` is the piece that each stands in, of so many.
    """

    token: Longs
    piece: Longs
    number: int

    @classmethod
    def of(cls, pieces: Sequence[Longs]) -> Pieces:
        """Pieces, each given as its tokens."""
        token = np.concatenate([*pieces, np.empty(0, np.int64)])
        return cls(token, np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces]), len(pieces))


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """Where each feature of a batch comes from, besides its matrix.

    Of every occurrence: ``cell`` (place in ``matrix.data``), ``token`` (running number over the batch) and ``share``
    (of the cell; the shares of a cell add up to 1). A pair occurs half at either of its words.
    """

    reading: Reading
    matrix: csr_matrix
    cell: Longs
    token: Longs
    share: Doubles

    @property
    def first_token(self) -> Longs:
        """The number of the first token of each text."""
        return self.reading.first_token


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
        reading = self.read(texts)
        return self.matrix_of(reading, reading.whole())

    def matrix_of(self, reading: Reading, pieces: Pieces) -> csr_matrix:
        """One row a piece of the texts that were read. Where words were left out of a piece is a gap: no pair."""
        columns, place, pairs, second = self._terms(reading, pieces)
        rows = pieces.piece[np.concatenate([place, second])]
        keys, counts = np.unique(rows * len(self.terms) + np.concatenate([columns, pairs]), return_counts=True)
        return self._scaled(keys, counts, pieces.number)

    def occurrences(self, texts: Sequence[Tokens]) -> Occurrences:
        """One row a text, and which token each number comes from."""
        reading = self.read(texts)
        pieces = reading.whole()
        columns, single, pairs, second = self._terms(reading, pieces)
        token = np.concatenate([single, second - 1, second])
        weight = np.repeat([1.0, 0.5], [len(single), 2 * len(second)])
        keys = pieces.piece[token] * len(self.terms) + np.concatenate([columns, pairs, pairs])
        keys, cell = np.unique(keys, return_inverse=True)
        counts = np.bincount(cell, weights=weight, minlength=len(keys))
        return Occurrences(reading, self._scaled(keys, counts, len(texts)), cell, token, weight / counts[cell])

    def read(self, texts: Sequence[Tokens]) -> Reading:
        """All that is known of the tokens of these texts."""
        forms = [form for tokens in texts for form in tokens.forms]
        lengths = np.fromiter((len(tokens.forms) for tokens in texts), np.int64, len(texts))
        words = list(map(self._word, forms))
        begin = np.zeros(len(forms) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=begin[1:])
        first = np.cumsum(lengths) - lengths
        known = self._columns.get
        pair = np.array([known(pair, -1) for pair in map(" ".join, pairwise(["", *forms]))], np.int64)
        pair[first[lengths > 0]] = -1
        return Reading(np.concatenate([*words, np.empty(0, np.int32)]), begin, pair, first)

    @staticmethod
    def _terms(reading: Reading, pieces: Pieces) -> tuple[Ints, Longs, Longs, Longs]:
        """Column of every term of a single word in the pieces, and the place (in ``pieces.token``) of the word; the
        columns of pairs, and the place of the second word of each.
        """
        token = pieces.token
        sizes = reading.begin[token + 1] - reading.begin[token]
        ends = np.cumsum(sizes)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(reading.begin[token] - ends + sizes, sizes)
        together = (token[1:] == token[:-1] + 1) & (pieces.piece[1:] == pieces.piece[:-1])
        second = np.flatnonzero(together & (reading.pair[token[1:]] >= 0)) + 1
        return reading.columns[at], np.repeat(np.arange(len(token)), sizes), reading.pair[token[second]], second

    def _scaled(self, keys: Longs, counts: NDArray[np.number], rows: int) -> csr_matrix:
        """The matrix of terms that stand so often in a row; a key is row and column in one."""
        row, column = np.divmod(keys, max(1, len(self.terms)))
        data = (1.0 + np.log(counts)) * self.idf[column]
        data /= _lengths(row, column >= self.n_words, data, rows)
        return _csr(data, row, column, (rows, len(self.terms)))

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
