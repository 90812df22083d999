"""From departments, the starter collection and examples to a fitted classifier.

Owns what is learned from, with which weight, and from which confidence on a guess is sure. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mailbot.classify.balance import fair
from mailbot.classify.evidence import NEVER, bounded_threshold, provisional_threshold
from mailbot.classify.examples import NOBODY, Example, Source, from_department
from mailbot.classify.features import Doubles, Longs
from mailbot.classify.fitted import FittedClassifier, Regime
from mailbot.classify.linear import Linear, softmax
from mailbot.classify.model import Trial, best_say, fit_linear
from mailbot.classify.pooled import Pooled, Topical, own_logs
from mailbot.classify.prediction import Question
from mailbot.classify.starter import messages, topics
from mailbot.classify.text import Tokens, compose, tokenise
from mailbot.classify.topical import TopicModel, learn_cover
from mailbot.classify.topics import assign
from mailbot.library import Department

PROVISIONAL = 0.85
"""How often a guess should be right that goes out before the library has taught anything."""
USUAL_SAY = (1.0, 0.2)
"""How much what a message reads like counts, and what the library's own texts say, as long as these are few."""
TRUST = 20.0
"""How many labels weigh as much as that."""
ASTRAY_SHARE = 0.08
"""Of mail that no department is there for, in any mailbox; the starter collection's topics have other shares."""
EVERY = 5
"""One in so many starter messages is used to find the provisional threshold: enough to tell, and quick."""


@dataclass(frozen=True, slots=True, eq=False)
class Unseen:
    """Chances of departments for texts they were not learned from; how likely each department is the right one
    (texts by departments: certain for a label); and how many messages of a mailbox each text stands for.
    """

    chances: Doubles
    right: Doubles
    weight: Doubles


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
    if not taught:
        return FittedClassifier(tuple(departments), None, NEVER, Regime(start))
    texts = [tokenise(compose(example.question)) for example in taught]
    labels = np.array([keys.index(example.department) for example in taught])
    weights = np.array([example.weight for example in taught])
    labelled = np.array([example.source is not Source.DESCRIPTION for example in taught])
    own, trial = fit_linear(texts, [example.department for example in taught], weights, labelled)
    known = None if topic_model is None else _Known(topic_model, departments, keys, texts, labels, weights * labelled)
    real = np.array([example.own for example in taught])
    say, evidence = _tried(own, trial, known, labels, real, keys)
    threshold = NEVER if evidence is None else _sure_from(bounded_threshold, evidence, precision, keys)
    regime = Regime.EVIDENCE
    topical = None if known is None else known.topical(np.arange(len(texts)))
    pooled = Pooled(keys, topical, own, say)
    if threshold == NEVER:
        threshold, regime = _provisional(pooled, topic_model, evidence, start)
    names = {topic.key: topic.name for topic in topics()} if topical else {}
    return FittedClassifier(tuple(departments), pooled, threshold, regime, names)


def _taught(departments: Sequence[Department], examples: Sequence[Example]) -> list[Example]:
    known = {department.key for department in departments} | {NOBODY}
    taught = [example for department in departments for example in from_department(department)]
    taught += fair([example for example in examples if example.department in known])
    return [example for example in taught if tokenise(compose(example.question)).forms]


class _Known:
    """What is known of who gets which topic: by what departments say of themselves, and by labelled texts."""

    def __init__(
        self,
        model: TopicModel,
        departments: Sequence[Department],
        keys: tuple[str, ...],
        texts: Sequence[Tokens],
        labels: Longs,
        weights: Doubles,
    ) -> None:
        self.model = model
        self.scores = model.linear.score(model.linear.vocabulary.occurrences(texts)).scores
        self._assumed = assign(topics(), departments, model).cover(model.linear.labels, keys)
        self._nobody = keys.index(NOBODY)
        self._labels = labels
        self._weights = weights

    def topical(self, texts: Longs) -> Topical:
        """The opinion that follows, learned from no other labelled texts than these."""
        told = texts[self._weights[texts] > 0.0]
        cover = learn_cover(self._assumed, self.scores[told], self._labels[told], self._weights[told])
        cover = cover.copy()
        cover[:, self._nobody] *= min(1.0, _astray_weight(float(cover[:, self._nobody].mean())))
        return Topical(self.model.linear, cover)


def _astray_weight(share: float) -> float:
    """By which to weigh what is astray, to make it the share of a mailbox that it usually is."""
    return ASTRAY_SHARE / (1.0 - ASTRAY_SHARE) * (1.0 - share) / max(share, 1e-6)


def _tried(
    own: Linear,
    trial: Trial | None,
    known: _Known | None,
    labels: Longs,
    real: NDArray[np.bool_],
    keys: tuple[str, ...],
) -> tuple[tuple[float, float], Unseen | None]:
    """How much either opinion counts, and how they do together on the library's real mail, unseen."""
    usual = USUAL_SAY if known is not None else (0.0, 1.0)
    if trial is None or not real[trial.at].any():
        return usual, None
    mine = np.flatnonzero(real[trial.at])
    at = trial.at[mine]
    logs = [np.zeros((len(at), len(keys))), own_logs(trial.scores[mine], own, keys)]
    if known is not None:
        for fold in np.unique(trial.fold[mine]).tolist():
            held = trial.fold[mine] == fold
            others = np.setdiff1d(np.arange(len(labels)), trial.at[trial.fold == fold])
            logs[0][held] = np.log(known.topical(others).chances(known.scores[at[held]]))
    weight = _mailbox_weights(labels[at], keys)
    say = usual
    if known is not None:
        first, second = best_say(np.stack(logs), labels[at], weight, usual, TRUST)
        say = (first, second)
    chances = softmax(say[0] * logs[0] + say[1] * logs[1])
    return say, Unseen(chances, np.eye(len(keys))[labels[at]], weight)


def _mailbox_weights(labels: Longs, keys: tuple[str, ...]) -> Doubles:
    """How many messages of a mailbox each label stands for: few people label what is nobody's."""
    astray = np.array([key == NOBODY for key in keys])[labels]
    return np.where(astray, max(1.0, _astray_weight(float(astray.mean()))), 1.0)


def _provisional(
    pooled: Pooled, topic_model: TopicModel | None, evidence: Unseen | None, start: str
) -> tuple[float, Regime]:
    """The threshold for as long as the library's own labels prove nothing."""
    if start == "careful":
        return NEVER, Regime.CAREFUL
    unseen = evidence or _starter_evidence(pooled, topic_model)
    if unseen is None:
        return PROVISIONAL, Regime.GUESS
    return _sure_from(provisional_threshold, unseen, PROVISIONAL, pooled.keys), Regime.GUESS


def _starter_evidence(pooled: Pooled, topic_model: TopicModel | None) -> Unseen | None:
    """Chances for starter messages, each hand scored by a model of the others; whose they are is only likely."""
    if pooled.topical is None or pooled.own is None or topic_model is None:
        return None
    collection = messages()
    texts = [tokenise(compose(collection[i].question)) for i in topic_model.at[::EVERY]]
    scores = pooled.own.score(pooled.own.vocabulary.occurrences(texts)).scores
    logs = pooled.say[0] * np.log(pooled.topical.chances(topic_model.unseen[::EVERY]))
    logs += pooled.say[1] * own_logs(scores, pooled.own, pooled.keys)
    right = pooled.topical.cover[topic_model.truth[::EVERY]]
    weight = right.sum(axis=1)
    return Unseen(softmax(logs), right / weight[:, None], weight)


def _sure_from(
    rule: Callable[[Doubles, Doubles, Doubles, float], float], unseen: Unseen, precision: float, keys: tuple[str, ...]
) -> float:
    """The threshold by that rule, on the guesses that name a department at all."""
    best = unseen.chances.argmax(axis=1)
    named = np.array([key != NOBODY for key in keys])[best]
    right = unseen.right[np.arange(len(best)), best]
    return rule(unseen.chances.max(axis=1)[named], right[named], unseen.weight[named], precision)


def fit_labels(rows: Sequence[tuple[Question, str]], precision: float) -> FittedClassifier:
    """A classifier of labelled questions alone, whatever the labels are; no departments, no starter collection.

    A label made of words says something by itself, as the name of a department does: it is one more text of its own.
    """
    names = sorted({label for _, label in rows} - {NOBODY})
    taught = [*rows, *((Question("", re.sub(r"[\W_]+", " ", name)), name) for name in names)]
    texts = [tokenise(compose(question)) for question, _ in taught]
    labels = [label for _, label in taught]
    linear, trial = fit_linear(texts, labels, np.ones(len(taught)), np.arange(len(taught)) < len(rows))
    keys = linear.labels
    threshold = PROVISIONAL if trial is None else NEVER
    if trial is not None:
        truth = np.searchsorted(np.array(keys), np.array(labels))[trial.at]
        unseen = Unseen(softmax(trial.scores), np.eye(len(keys))[truth], _mailbox_weights(truth, keys))
        threshold = _sure_from(bounded_threshold, unseen, precision, keys)
        if threshold == NEVER:
            threshold = _sure_from(provisional_threshold, unseen, precision, keys)
    return FittedClassifier((), Pooled(keys, None, linear, (0.0, 1.0)), threshold, Regime.EVIDENCE)
