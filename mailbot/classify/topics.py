"""Which department covers which topic of the starter collection, and how certain that is.

Owns the assignment: what the config says (``covers``) holds; the rest follows from names, from the words in which a
department describes itself, and from what these read like to the model of topics. Topics that tend to sit together
pull each other along. Keeps its doubts, for the admin to settle. Pure.

The weights were fitted on seven made-up libraries whose topics were assigned by hand (``tests/libraries``), by maximum
likelihood. ``benchmarks/assignment.py`` does it again, and says how well the weights of six serve the seventh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix

from mailbot.classify.examples import NOBODY, phrases
from mailbot.classify.features import Doubles, Longs, learn_vocabulary
from mailbot.classify.linear import softmax
from mailbot.classify.reasons import function_words
from mailbot.classify.starter import ASTRAY, Topic
from mailbot.classify.text import Tokens, tokenise
from mailbot.classify.topical import TopicModel
from mailbot.library import Department

EVIDENCE = (2.2, 1.7, 1.4, 0.7)
"""What each kind of evidence adds to the log odds of a department: its name, its words, what these read like, and that
it takes in what nobody else does."""
NEIGHBOURS = 3.8
"""What it adds if a department has all the topics that usually sit with this one."""
NOBODYS = 2.4
"""The log odds of nobody, against a department without any evidence."""
ROUNDS = 2
"""In which the neighbours of a topic are asked; more change nothing."""

LATER = 0.04
"""What each further place among the usual names takes off."""
MATCHES = 6
"""Of a topic's words, the best that are counted: those of a topic with many words must not outdo the others."""
ENOUGH_READ = 1.5
"""Pieces that read like the topic, beyond which more say no more."""
TELLING_WORDS = 3
"""A piece of a description that is shorter may mean many things and counts for less."""
CLEAR = 0.6
"""The chance from which on an assignment leaves no doubt."""

_COMMON_NAMES = frozenset(
    "and of the for services service department library libraries center centre desk office team".split()
)
_SHORT_STEM = 5
_ENDING = 3
_AND = re.compile(r"\s+(?:and|or|und|oder|et|ou|y|e|u|o|&)\s+|[()/]")


@dataclass(frozen=True, slots=True)
class Coverage:
    """One topic and the key of the department that covers it, or ``NOBODY``.

    ``told`` is true where the config says so. ``chance`` is how certain it is; ``rivals`` are the next departments (or
    ``NOBODY``), best first, with theirs.
    """

    topic: str
    department: str
    told: bool
    chance: float
    rivals: tuple[tuple[str, float], ...]

    @property
    def doubtful(self) -> bool:
        """Whether an admin should look at it."""
        return not self.told and self.chance < CLEAR


@dataclass(frozen=True)
class Assignment:
    """Every topic's coverage; ``chances`` is topics by ``keys``, each row adding up to 1."""

    coverages: tuple[Coverage, ...]
    keys: tuple[str, ...]
    chances: Doubles

    @cached_property
    def owner(self) -> Mapping[str, str]:
        """Department (or ``NOBODY``) by topic."""
        return {coverage.topic: coverage.department for coverage in self.coverages}

    def cover(self, topics: Sequence[str], keys: Sequence[str]) -> Doubles:
        """The chances of these topics (rows) and departments (columns; ``NOBODY`` is left out where it is no key)."""
        at = {coverage.topic: i for i, coverage in enumerate(self.coverages)}
        rows = self.chances[[at[topic] for topic in topics]]
        return rows[:, [self.keys.index(key) for key in keys]]


def assign(topics: Sequence[Topic], departments: Sequence[Department], model: TopicModel) -> Assignment:
    """Each topic to one department. Departments that say what they cover get that and no more."""
    told = {topic: department.key for department in departments for topic in department.covers}
    open_to = [department for department in departments if not department.covers]
    keys = (*(department.key for department in departments), NOBODY)
    chances = np.zeros((len(topics), len(keys)))
    columns = [keys.index(key) for key in (*(department.key for department in open_to), NOBODY)]
    chances[:, columns] = settled(evidence(topics, open_to, model), topics) if open_to else 1.0
    for row, topic in enumerate(topics):
        if topic.key == ASTRAY or topic.key in told:
            chances[row] = 0.0
            chances[row, keys.index(told.get(topic.key, NOBODY))] = 1.0
    coverages = tuple(
        _coverage(topic.key, topic.key in told, keys, row) for topic, row in zip(topics, chances, strict=True)
    )
    return Assignment(coverages, keys, chances)


def _coverage(topic: str, told: bool, keys: Sequence[str], chances: Doubles) -> Coverage:
    ranked = [(keys[i], round(float(chances[i]), 3)) for i in np.argsort(-chances, kind="stable").tolist()]
    (best, chance), *others = ranked
    return Coverage(topic, best, told, chance, tuple(other for other in others[:3] if other[1] > 0.0))


def evidence(topics: Sequence[Topic], departments: Sequence[Department], model: TopicModel) -> Doubles:
    """Topics by departments by kinds of evidence (as ``EVIDENCE``), each from 0 to between 1 and 6."""
    triage = np.tile([float(department.triage) for department in departments], (len(topics), 1))
    kinds = (_names(topics, departments), _words(topics, departments), _readings(topics, departments, model), triage)
    return np.stack(kinds, axis=2)


def settled(
    found: Doubles,
    topics: Sequence[Topic],
    weights: Sequence[float] = EVIDENCE,
    neighbours: float = NEIGHBOURS,
    nobodys: float = NOBODYS,
) -> Doubles:
    """The chances of departments, and of nobody last, for each topic, given the evidence."""
    own, nobody = found @ np.array(weights), np.full((len(topics), 1), nobodys)
    together = _together(topics)
    chances = softmax(np.hstack([own, nobody]))
    for _ in range(ROUNDS):
        chances = softmax(np.hstack([own + neighbours * together @ chances[:, :-1], nobody]))
    return chances


def _names(topics: Sequence[Topic], departments: Sequence[Department]) -> Doubles:
    """How well a department's name is one of those that usually cover the topic, 0 to 1; the first count more."""
    own = [_stems(department.name) for department in departments]
    found = np.zeros((len(topics), len(departments)))
    for row, topic in enumerate(topics):
        for place, usual in enumerate(topic.usually):
            other = _stems(usual)
            alike = [len(name & other) / max(1, len(name | other)) for name in own]
            found[row] = np.maximum(found[row], np.array(alike) * (1.0 - LATER * place))
    return found


def _stems(name: str) -> frozenset[str]:
    words = set(tokenise(name).forms) - _COMMON_NAMES
    return frozenset(
        word if len(word) <= _SHORT_STEM else word[: max(_SHORT_STEM, len(word) - _ENDING)] for word in words
    )


def _words(topics: Sequence[Topic], departments: Sequence[Department]) -> Doubles:
    """How well the topic's words are met by what a department says of itself: the squared likeness (cosine) of the
    best of them, added up.
    """
    words = [(row, word) for row, topic in enumerate(topics) for word in topic.words]
    pieces = [(i, piece) for i, department in enumerate(departments) for piece in _pieces(department)]
    texts = [_telling(word) for _, word in words]
    vocabulary = learn_vocabulary(texts)
    alike = _likeness(vocabulary.matrix(texts), vocabulary.matrix([_telling(piece) for _, piece in pieces]))
    best = np.zeros((len(words), len(departments)))
    for column, (i, _) in enumerate(pieces):
        best[:, i] = np.maximum(best[:, i], alike[:, column])
    of_topic: Longs = np.array([row for row, _ in words])
    found = np.zeros((len(topics), len(departments)))
    for row in range(len(topics)):
        ordered = -np.sort(-best[of_topic == row], axis=0)
        found[row] = (ordered[:MATCHES] ** 2).sum(axis=0)
    return found


def _pieces(department: Department) -> tuple[str, ...]:
    """The name, the description's phrases, and these again cut at "and"."""
    parts = phrases(department.description)
    smaller = (piece.strip() for part in parts if _AND.search(part) for piece in _AND.split(part))
    return (department.name, *parts, *(piece for piece in smaller if piece))


def _telling(text: str) -> Tokens:
    return tokenise(" ".join(form for form in tokenise(text).forms if form not in function_words()))


def _likeness(rows: csr_matrix, columns: csr_matrix) -> Doubles:
    """The cosine of each row of the one and each row of the other."""
    lengths = [np.sqrt(np.asarray(part.multiply(part).sum(axis=1))).ravel() for part in (rows, columns)]
    alike: Doubles = (rows @ columns.T).toarray() / np.maximum(np.outer(*lengths), 1e-9)
    return alike


def _readings(topics: Sequence[Topic], departments: Sequence[Department], model: TopicModel) -> Doubles:
    """How many pieces of what a department says of itself, its examples included, read like the topic."""
    column = [model.linear.labels.index(topic.key) for topic in topics]
    found = np.zeros((len(topics), len(departments)))
    for i, department in enumerate(departments):
        texts = [tokenise(piece) for piece in (department.name, *phrases(department.description), *department.examples)]
        scores = model.linear.score(model.linear.vocabulary.occurrences(texts)).scores
        certain = np.array([min(1.0, len(text.forms) / TELLING_WORDS) for text in texts])
        found[:, i] = certain @ softmax(scores)[:, column]
    return np.minimum(found, ENOUGH_READ)


def _together(topics: Sequence[Topic]) -> Doubles:
    """How much two topics usually sit in one department: the likeness of their usual names, each row adding up to 1."""
    names = {name.lower(): i for i, name in enumerate({n.lower(): 0 for topic in topics for n in topic.usually})}
    table = np.zeros((len(topics), max(1, len(names))))
    for row, topic in enumerate(topics):
        for place, name in enumerate(topic.usually):
            table[row, names[name.lower()]] = 1.0 - LATER * place
    alike = _likeness(csr_matrix(table), csr_matrix(table))
    np.fill_diagonal(alike, 0.0)
    together: Doubles = alike / np.maximum(alike.sum(axis=1, keepdims=True), 1e-9)
    return together
