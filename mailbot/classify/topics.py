"""Which department covers which topic of the starter collection.

Owns the assignment: what the config says (``covers``) holds; the rest follows from names, descriptions, examples and
what these read like to the model of topics. Keeps its doubts, for the admin to settle. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mailbot.classify.examples import NOBODY, from_department, phrases
from mailbot.classify.features import Doubles, learn_vocabulary
from mailbot.classify.linear import softmax
from mailbot.classify.reasons import function_words
from mailbot.classify.starter import ASTRAY, Topic
from mailbot.classify.text import compose, tokenise
from mailbot.classify.topical import TopicModel
from mailbot.library import Department

NAME, WORDS, READS = 1.0, 1.5, 1.5
"""How much each kind of evidence counts: the department's name, its own words, what these words read like."""

LATER = 0.2
"""What each further place among the usual names takes off."""

ENOUGH = 0.7
"""Evidence below which a topic is nobody's here."""

TELLING_WORDS = 3
"""A piece of a description that is shorter may mean many things and counts for less."""

CLEAR = 1.4
"""How many times the evidence of the next department that of the first has to be, to leave no doubt."""

COMMON_NAMES = frozenset(
    "and of the for services service department library libraries center centre desk office".split()
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One topic and the key of the department that covers it, or ``NOBODY``.

    ``told`` is true where the config says so. ``rivals`` are the next departments, best first, with their
    evidence; ``evidence`` is that of the department itself.
    """

    topic: str
    department: str
    told: bool
    evidence: float
    rivals: tuple[tuple[str, float], ...]

    @property
    def doubtful(self) -> bool:
        """Whether an admin should look at it: another department is close, or nobody was found for certain."""
        if self.told or self.topic == ASTRAY:
            return False
        return bool(self.rivals) and (
            self.evidence < CLEAR * self.rivals[0][1]
            if self.department != NOBODY
            else self.rivals[0][1] > ENOUGH / CLEAR
        )


@dataclass(frozen=True)
class Assignment:
    """Every topic's coverage."""

    coverages: tuple[Coverage, ...]

    @cached_property
    def owner(self) -> Mapping[str, str]:
        """Department (or ``NOBODY``) by topic."""
        return {coverage.topic: coverage.department for coverage in self.coverages}


def assign(topics: Sequence[Topic], departments: Sequence[Department], model: TopicModel) -> Assignment:
    """Each topic to one department. Departments that say what they cover get that and no more."""
    told = {topic: department.key for department in departments for topic in department.covers}
    open_to = [department for department in departments if not department.covers]
    evidence = _evidence(topics, open_to, model) if open_to else np.zeros((len(topics), 0))
    return Assignment(
        tuple(
            Coverage(topic.key, told[topic.key], True, 1.0, ()) if topic.key in told else _coverage(topic, open_to, row)
            for topic, row in zip(topics, evidence, strict=True)
        )
    )


def _coverage(topic: Topic, departments: Sequence[Department], evidence: Doubles) -> Coverage:
    order = np.argsort(-evidence, kind="stable").tolist()
    ranked = tuple((departments[i].key, round(float(evidence[i]), 3)) for i in order)
    if topic.key == ASTRAY or not ranked or ranked[0][1] < ENOUGH:
        return Coverage(topic.key, NOBODY, False, 0.0, ranked[:3])
    return Coverage(topic.key, ranked[0][0], False, ranked[0][1], ranked[1:4])


def _evidence(topics: Sequence[Topic], departments: Sequence[Department], model: TopicModel) -> Doubles:
    """Topics by departments, each from 0 (none) to about 4."""
    names = np.array([[_name_evidence(topic, department) for department in departments] for topic in topics])
    words = _word_evidence(topics, departments)
    reads = _reading_evidence(topics, departments, model)
    evidence: Doubles = NAME * names + WORDS * words + READS * reads
    return evidence


def _name_evidence(topic: Topic, department: Department) -> float:
    """How well the name is one of those that usually cover the topic; the first of them count more."""
    own = _name_words(department.name)
    best = 0.0
    for place, usual in enumerate(topic.usually):
        other = _name_words(usual)
        if own and other:
            best = max(best, len(own & other) / len(own | other) * (1.0 - LATER * place))
    return best


def _name_words(name: str) -> frozenset[str]:
    return frozenset(tokenise(name).forms) - COMMON_NAMES


def _word_evidence(topics: Sequence[Topic], departments: Sequence[Department]) -> Doubles:
    """The likeness (cosine) of the topic's own words and the most alike piece of what the department says of itself."""
    stop = function_words()
    about = [f"{topic.name}. {topic.description}" for topic in topics]
    pieces = [
        (i, piece)
        for i, department in enumerate(departments)
        for piece in (department.name, *phrases(department.description))
    ]
    texts = [tokenise(_telling(text, stop)) for text in (*about, *(piece for _, piece in pieces))]
    matrix = learn_vocabulary(texts).matrix(texts)
    alike = (matrix[: len(topics)] @ matrix[len(topics) :].T).toarray() / 2.0
    found = np.zeros((len(topics), len(departments)))
    for column, (i, _) in enumerate(pieces):
        found[:, i] = np.maximum(found[:, i], alike[:, column])
    return found


def _telling(text: str, stop: frozenset[str]) -> str:
    return " ".join(form for form in tokenise(text).forms if form not in stop)


def _reading_evidence(topics: Sequence[Topic], departments: Sequence[Department], model: TopicModel) -> Doubles:
    """The chance that what the department says of itself, piece by piece, reads like the topic: the best piece, and
    the mean of all.
    """
    found = np.zeros((len(topics), len(departments)))
    column = [model.linear.labels.index(topic.key) for topic in topics]
    for i, department in enumerate(departments):
        texts = [tokenise(compose(example.question)) for example in from_department(department)]
        scores = model.linear.score(model.linear.vocabulary.occurrences(texts)).scores
        certain = np.array([min(1.0, len(text.forms) / TELLING_WORDS) for text in texts])
        chances = softmax(scores)[:, column] * certain[:, None]
        found[:, i] = (chances.max(axis=0) + chances.sum(axis=0) / 3.0) / 1.5
    return found
