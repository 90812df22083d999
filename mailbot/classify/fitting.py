"""From departments, the starter collection and examples to a fitted classifier.

Owns what is learned from, with which weight, and from which confidence on a guess is sure. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from mailbot.classify.balance import fair
from mailbot.classify.evidence import NEVER, bounded_threshold, provisional_threshold
from mailbot.classify.examples import NOBODY, Example, Source, from_department
from mailbot.classify.features import Doubles, Longs
from mailbot.classify.fitted import FittedClassifier, Regime
from mailbot.classify.linear import Linear, softmax
from mailbot.classify.model import Trial, fit_linear
from mailbot.classify.pooled import Pooled, Topical, own_logs
from mailbot.classify.prediction import Question
from mailbot.classify.starter import messages, topics
from mailbot.classify.text import compose, tokenise
from mailbot.classify.topical import TopicModel
from mailbot.classify.topics import assign
from mailbot.library import Department

PROVISIONAL = 0.85
"""How often a guess should be right that goes out before the library has taught anything."""
ENOUGH_OWN = 50
"""Labels of the library's own from which on they, not the starter collection, say how much each opinion counts."""
ASTRAY_SHARE = 0.08
"""Of mail that no department is there for, in any mailbox; the starter collection's topics have other shares."""
EVERY = 5
"""One in so many starter messages is used to weigh the opinions: enough to tell, and quick."""


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """Log chances by either opinion of texts it has not seen, the column of the right department, and how many
    messages of a mailbox each text stands for.
    """

    topical: Doubles
    own: Doubles
    truth: Longs
    weight: Doubles

    def chances(self, say: tuple[float, float]) -> Doubles:
        """Both opinions pooled."""
        return softmax(say[0] * self.topical + say[1] * self.own)


def fit(
    departments: Sequence[Department],
    topic_model: TopicModel | None,
    *,
    examples: Sequence[Example] = (),
    precision: float = 0.95,
    start: str = "guess",
) -> FittedClassifier:
    """A classifier for these departments; examples of departments that are gone are left out."""
    taught = _taught(departments, examples)
    nobody = topic_model is not None or any(example.department == NOBODY for example in taught)
    keys = (*(department.key for department in departments), *((NOBODY,) if nobody else ()))
    own, trial = _own_opinion(taught)
    if own is None:
        return FittedClassifier(tuple(departments), None, NEVER, Regime(start))
    topical = _topical(departments, topic_model, keys)
    evidence = _own_evidence(taught, own, trial, topical, keys)
    if evidence is None or len(evidence.truth) < ENOUGH_OWN:
        known = _starter_evidence(own, topical, topic_model, keys)
        say = _say(known)
        threshold, regime = _provisional(known, say, start, keys)
    else:
        say = _say(evidence)
        threshold = _sure_from(bounded_threshold, evidence, say, precision, keys)
        regime = Regime.EVIDENCE
    names = {topic.key: topic.name for topic in topics()} if topical else {}
    return FittedClassifier(tuple(departments), Pooled(keys, topical, own, say), threshold, regime, names)


def _taught(departments: Sequence[Department], examples: Sequence[Example]) -> list[Example]:
    known = {department.key for department in departments} | {NOBODY}
    taught = [example for department in departments for example in from_department(department)]
    taught += fair([example for example in examples if example.department in known])
    return [example for example in taught if tokenise(compose(example.question)).forms]


def _own_opinion(taught: Sequence[Example]) -> tuple[Linear | None, Trial | None]:
    """What the library's own texts say; tried on its labels, never on its descriptions."""
    if not taught:
        return None, None
    return fit_linear(
        [tokenise(compose(example.question)) for example in taught],
        [example.department for example in taught],
        np.array([example.weight for example in taught]),
        np.array([example.source is not Source.DESCRIPTION for example in taught]),
    )


def _topical(
    departments: Sequence[Department], topic_model: TopicModel | None, keys: tuple[str, ...]
) -> Topical | None:
    if topic_model is None:
        return None
    assignment = assign(topics(), departments, topic_model)
    cover = topic_model.cover(assignment.owner, keys)
    astray = cover[:, keys.index(NOBODY)]
    cover[:, keys.index(NOBODY)] *= min(1.0, _astray_weight(astray > 0))
    return Topical(topic_model.linear, cover)


def _astray_weight(astray: NDArray[np.bool_]) -> float:
    """By which to weigh what is astray, to make it the share of a mailbox that it usually is."""
    ratio = max(1, (~astray).sum()) / max(1, astray.sum())
    return float(ASTRAY_SHARE / (1.0 - ASTRAY_SHARE) * ratio)


def _own_evidence(
    taught: Sequence[Example], own: Linear, trial: Trial | None, topical: Topical | None, keys: tuple[str, ...]
) -> Unseen | None:
    """Both opinions on the library's real mail, unseen."""
    if trial is None:
        return None
    real = np.array([taught[i].own for i in trial.at], bool)
    at, scores = trial.at[real], trial.scores[real]
    truth = np.array([keys.index(taught[i].department) for i in at], np.int64)
    logs = np.zeros((len(at), len(keys)))
    if topical is not None and len(at):
        texts = [tokenise(compose(taught[i].question)) for i in at]
        found = topical.linear.score(topical.linear.vocabulary.occurrences(texts)).scores
        logs = np.log(topical.chances(found))
    astray = np.array([keys[column] == NOBODY for column in truth], bool)
    weight = np.where(astray, max(1.0, _astray_weight(astray)), 1.0)
    return Unseen(logs, own_logs(scores, own, keys), truth, weight)


def _starter_evidence(
    own: Linear, topical: Topical | None, topic_model: TopicModel | None, keys: tuple[str, ...]
) -> Unseen | None:
    """Both opinions on starter messages, each hand scored by a model of the others."""
    if topical is None or topic_model is None:
        return None
    collection = messages()
    texts = [tokenise(compose(collection[i].question)) for i in topic_model.at[::EVERY]]
    logs = np.log(topical.chances(topic_model.unseen[::EVERY]))
    scores = own.score(own.vocabulary.occurrences(texts)).scores
    truth = topical.cover.argmax(axis=1)[topic_model.truth[::EVERY]]
    weight = topical.cover.max(axis=1)[topic_model.truth[::EVERY]]
    return Unseen(logs, own_logs(scores, own, keys), truth.astype(np.int64), weight)


def _say(unseen: Unseen | None) -> tuple[float, float]:
    """How much either opinion counts: what makes the right departments most likely on texts unseen."""
    if unseen is None:
        return (0.0, 1.0)
    at = np.arange(len(unseen.truth))

    def loss(say: Doubles) -> float:
        chances = unseen.chances((float(say[0]), float(say[1])))[at, unseen.truth]
        return float(-(unseen.weight * np.log(np.maximum(chances, 1e-12))).sum() / unseen.weight.sum())

    found = minimize(loss, np.array([0.8, 0.4]), method="L-BFGS-B", bounds=[(0.0, 3.0), (0.0, 3.0)]).x
    return (float(found[0]), float(found[1]))


def _provisional(
    known: Unseen | None, say: tuple[float, float], start: str, keys: tuple[str, ...]
) -> tuple[float, Regime]:
    if start == "careful":
        return NEVER, Regime.CAREFUL
    if known is None:
        return PROVISIONAL, Regime.GUESS
    return _sure_from(provisional_threshold, known, say, PROVISIONAL, keys), Regime.GUESS


def _sure_from(
    rule: Callable[[Doubles, NDArray[np.bool_], Doubles, float], float],
    unseen: Unseen,
    say: tuple[float, float],
    precision: float,
    keys: tuple[str, ...],
) -> float:
    """The threshold by that rule, on the guesses that name a department at all."""
    chances = unseen.chances(say)
    best = chances.argmax(axis=1)
    named = np.array([key != NOBODY for key in keys])[best]
    return rule(chances.max(axis=1)[named], (best == unseen.truth)[named], unseen.weight[named], precision)


def fit_labels(rows: Sequence[tuple[Question, str]], precision: float) -> FittedClassifier:
    """A classifier of labelled questions alone, whatever the labels are; no departments, no starter collection."""
    texts = [tokenise(compose(question)) for question, _ in rows]
    labels = [label for _, label in rows]
    linear, trial = fit_linear(texts, labels, np.ones(len(rows)))
    keys = linear.labels
    threshold = PROVISIONAL if trial is None else NEVER
    if trial is not None:
        truth = np.searchsorted(np.array(keys), np.array(labels))[trial.at]
        astray = np.array([key == NOBODY for key in keys])[truth]
        weight = np.where(astray, max(1.0, _astray_weight(astray)), 1.0)
        unseen = Unseen(np.zeros((len(truth), len(keys))), own_logs(trial.scores, linear, keys), truth, weight)
        threshold = _sure_from(provisional_threshold, unseen, (0.0, 1.0), precision, keys)
    return FittedClassifier((), Pooled(keys, None, linear, (0.0, 1.0)), threshold, Regime.EVIDENCE)
