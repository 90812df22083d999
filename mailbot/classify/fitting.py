"""From departments, the starter collection and examples to a fitted classifier.

Owns what is learned from, with which weight, and from which confidence on a guess is sure. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mailbot.classify import distance
from mailbot.classify.balance import fair
from mailbot.classify.calibrating import best_say
from mailbot.classify.dense import Dense, fit_dense
from mailbot.classify.distance import Reach
from mailbot.classify.encoder import Encoder
from mailbot.classify.evidence import NEVER, admission, bounded_threshold, provisional_threshold
from mailbot.classify.examples import NOBODY, Example, Source, from_department
from mailbot.classify.features import Doubles, Floats, Longs
from mailbot.classify.fitted import PROVISIONAL, FittedClassifier, Regime
from mailbot.classify.linear import Linear, softmax
from mailbot.classify.meaning import SHARE, Encoding
from mailbot.classify.model import Trial, fit_linear
from mailbot.classify.pooled import Meant, Pooled, Say, Topical, covered, own_logs
from mailbot.classify.prediction import Question
from mailbot.classify.proof import Proof, prove
from mailbot.classify.similar import remember
from mailbot.classify.starter import messages, topics
from mailbot.classify.text import Tokens, compose, tokenise
from mailbot.classify.topical import TopicModel, learn_cover
from mailbot.classify.topics import assign
from mailbot.library import Department

ALONE = Say(topical=1.0, own=0.2)
"""How much what a message reads like counts, and what the library's own texts say, as long as these are few."""
TOGETHER = Say(topical=1.0 - SHARE, own=0.15, meant_topical=SHARE, meant_own=0.1)
"""The same with an encoder."""
LABELS_ALONE = Say(own=1.0)
LABELS_TOGETHER = Say(own=0.4, meant_own=0.6)
"""The same where there is no starter collection to go by."""
TRUST = 20.0
"""How many labels weigh as much as that."""
ASTRAY_SHARE = 0.08
"""Of mail that no department is there for, in any mailbox; the starter collection's topics have other shares."""
AMONG_SUGGESTED = 0.9
"""How often the right department should be among those suggested."""
ENOUGH_TO_PROMISE = 50
"""Labels of the library's own from which on they, not the starter collection, say what may be promised."""
VECTOR = "<f2"
"""How the numbers of a vector are kept."""
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

    def only(self, which: NDArray[np.bool_]) -> Unseen | None:
        """Some of the texts, None where that is none."""
        return Unseen(self.chances[which], self.right[which], self.weight[which]) if which.any() else None


def fit(
    departments: Sequence[Department],
    topic_model: TopicModel | None,
    *,
    examples: Sequence[Example] = (),
    precision: float = 0.95,
    start: str = "guess",
    encoding: Encoding | None = None,
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
    meaning = None if encoding is None else _Meaning(encoding, taught, weights, trial)
    opinions = _Opinions(keys, known, own.labels, trial, meaning)
    real = np.array([example.own for example in taught])
    pooled, unseen = opinions.pooled(own, labels, real)
    evidence = None if unseen is None or trial is None else unseen.only(_telling(taught)[trial.at[real[trial.at]]])
    threshold = NEVER if evidence is None else _sure_from(bounded_threshold, evidence, precision, keys)
    regime = Regime.EVIDENCE
    cold = None
    if threshold == NEVER or evidence is None or len(evidence.weight) < ENOUGH_TO_PROMISE:
        cold = _starter_evidence(pooled, topic_model, encoding)
    promised = cold if evidence is None or len(evidence.weight) < ENOUGH_TO_PROMISE else evidence
    if threshold == NEVER:
        threshold, regime = _provisional(promised or evidence, start, keys)
    admit = 0.0 if promised is None else _admitted(promised, keys)
    again = [(text, one.id) for text, one in zip(texts, taught, strict=True) if one.own and one.id]
    return FittedClassifier(
        tuple(departments),
        pooled,
        threshold,
        regime,
        {topic.key: topic.name for topic in topics()} if known is not None else {},
        admit=admit,
        earlier=remember([text for text, _ in again], [number for _, number in again], own.vocabulary),
        encoder=None if encoding is None else encoding.encoder,
        reach=None if nobody else opinions.reach(own, real & _first_of_its_kind(texts)),
        proof=None if evidence is None else _proof(evidence, threshold, admit, keys),
    )


def _proof(unseen: Unseen, threshold: float, admit: float, keys: tuple[str, ...]) -> Proof:
    nobody = keys.index(NOBODY) if NOBODY in keys else None
    return prove(unseen.chances, unseen.right.argmax(axis=1), threshold, admit, nobody)


def _telling(taught: Sequence[Example]) -> NDArray[np.bool_]:
    """Which labels tell how often a guess is right. Colleagues correct what went wrong or was in doubt: where most
    labels are corrections, these say nothing of the rest, which nobody had to correct.
    """
    corrected = np.array([example.source is Source.CORRECTION for example in taught])
    real = np.array([example.own for example in taught])
    return real & (~corrected | bool(2 * corrected.sum() <= real.sum()))


def _first_of_its_kind(texts: Sequence[Tokens]) -> NDArray[np.bool_]:
    """Which texts are the first in their words. What is sent a thousand times with other numbers in it is one way to
    put things, and says no more than once how others may.
    """
    found = np.zeros(len(texts), bool)
    found[list({text.forms: i for i, text in reversed(list(enumerate(texts)))}.values())] = True
    return found


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

    def cover(self, texts: Longs) -> Doubles:
        """Who covers what, learned from no other labelled texts than these."""
        told = texts[self._weights[texts] > 0.0]
        cover = learn_cover(self._assumed, self.scores[told], self._labels[told], self._weights[told]).copy()
        cover[:, self._nobody] *= min(1.0, _astray_weight(float(cover[:, self._nobody].mean())))
        return cover


class _Meaning:
    """What the encoder makes of the library's own texts, tried on the same folds as the lexical opinion."""

    def __init__(self, encoding: Encoding, taught: Sequence[Example], weights: Doubles, trial: Trial | None) -> None:
        self.encoding = encoding
        self.vectors = vectors_of(taught, encoding.encoder)
        groups = [] if trial is None else [trial.at[trial.fold == fold] for fold in np.unique(trial.fold)]
        self.own, self.unseen = fit_dense(self.vectors, [one.department for one in taught], weights, groups)

    @property
    def topics(self) -> Dense | None:
        """What the encoder makes of the collection."""
        return None if self.encoding.topics is None else self.encoding.topics.dense

    @property
    def meant(self) -> Meant:
        """Both opinions, as they are kept."""
        languages = None if self.encoding.topics is None else self.encoding.topics.languages
        return Meant(self.encoding.encoder.name, self.topics, self.own, languages)


def with_vectors(examples: Sequence[Example], encoder: Encoder) -> list[Example]:
    """The examples, each with its vector; only those are embedded that have none yet."""
    asked = [i for i, example in enumerate(examples) if not example.vector]
    found = list(examples)
    for i, vector in zip(asked, encoder.embed([compose(examples[i].question) for i in asked]), strict=True):
        found[i] = replace(examples[i], vector=vector.astype(VECTOR).tobytes())
    return found


def vectors_of(examples: Sequence[Example], encoder: Encoder) -> Floats:
    """One row an example."""
    rows = [np.frombuffer(example.vector, VECTOR) for example in with_vectors(examples, encoder)]
    return np.array(rows, np.float32)


class _Opinions:
    """All that has an opinion on the library's texts, and how much each counts."""

    def __init__(
        self,
        keys: tuple[str, ...],
        known: _Known | None,
        own: tuple[str, ...],
        trial: Trial | None,
        meaning: _Meaning | None,
    ) -> None:
        self._keys = keys
        self._known = known
        self._own = own
        self._trial = trial
        self._meaning = meaning

    def pooled(self, own: Linear, labels: Longs, real: NDArray[np.bool_]) -> tuple[Pooled, Unseen | None]:
        """The opinions put together, and how they do on the library's real mail, unseen."""
        usual = (ALONE, TOGETHER) if self._known is not None else (LABELS_ALONE, LABELS_TOGETHER)
        alone, say = usual
        evidence = None
        if self._trial is not None and real[self._trial.at].any():
            mine = np.flatnonzero(real[self._trial.at])
            at = self._trial.at[mine]
            weight = _mailbox_weights(labels[at], self._keys)
            logs = self._logs(mine, len(labels))
            alone = _best(logs, (0, 1), labels[at], weight, alone)
            say = _best(logs, (0, 1, 2, 3), labels[at], weight, say) if self._meaning is not None else say
            counts = (alone if self._meaning is None else say).numbers
            chances = softmax(np.tensordot(counts, logs, axes=1))
            evidence = Unseen(chances, np.eye(len(self._keys))[labels[at]], weight)
        topical = None
        if self._known is not None:
            topical = Topical(self._known.model.linear, self._known.cover(np.arange(len(labels))))
        meant = None if self._meaning is None else self._meaning.meant
        return Pooled(self._keys, topical, own, alone, meant, say), evidence

    def reach(self, own: Linear, real: NDArray[np.bool_]) -> Reach | None:
        """How near a text has to come to the library's real mail."""
        if self._trial is None:
            return None
        mine = np.flatnonzero(real[self._trial.at])
        words, meaning = distance.Sample(self._trial.scores[mine], own.intercept), None
        if self._meaning is not None:
            meant = self._meaning
            meaning = distance.Sample(meant.unseen[self._trial.at[mine]], meant.own.weights[-1])
        return distance.reach_of(words, meaning)

    def _logs(self, mine: Longs, number: int) -> Doubles:
        """Log chances by each opinion (as in ``Say``) for rows of the trial, by models that had not seen them."""
        trial, known, meaning, keys = self._trial, self._known, self._meaning, self._keys
        logs = np.zeros((4, len(mine), len(keys)))
        if trial is None:
            return logs
        at = trial.at[mine]
        logs[1] = own_logs(trial.scores[mine], self._own, keys)
        if meaning is not None:
            logs[3] = own_logs(meaning.unseen[at], meaning.own.labels, keys)
        if known is None:
            return logs
        for fold in np.unique(trial.fold[mine]).tolist():
            held = trial.fold[mine] == fold
            cover = known.cover(np.setdiff1d(np.arange(number), trial.at[trial.fold == fold]))
            logs[0][held] = np.log(covered(known.scores[at[held]], cover))
            if meaning is not None and meaning.topics is not None:
                logs[2][held] = np.log(covered(meaning.topics.scores(meaning.vectors[at[held]]), cover))
        return logs


def _best(logs: Doubles, which: Sequence[int], target: Longs, weight: Doubles, usual: Say) -> Say:
    """How much these of the opinions count, near what is usual as long as there are few texts."""
    numbers = usual.numbers.tolist()
    used = [i for i in which if numbers[i] > 0.0]
    found = best_say(logs[used], target, weight, [numbers[i] for i in used], TRUST)
    said = dict(zip(used, found, strict=True))
    return Say(*(said.get(i, 0.0) for i in range(4)))


def _astray_weight(share: float) -> float:
    """By which to weigh what is astray, to make it the share of a mailbox that it usually is."""
    return ASTRAY_SHARE / (1.0 - ASTRAY_SHARE) * (1.0 - share) / max(share, 1e-6)


def _mailbox_weights(labels: Longs, keys: tuple[str, ...]) -> Doubles:
    """How many messages of a mailbox each label stands for: few people label what is nobody's."""
    astray = np.array([key == NOBODY for key in keys])[labels]
    return np.where(astray, max(1.0, _astray_weight(float(astray.mean()))), 1.0)


def _provisional(unseen: Unseen | None, start: str, keys: tuple[str, ...]) -> tuple[float, Regime]:
    """The threshold for as long as the library's own labels prove nothing."""
    if start == "careful":
        return NEVER, Regime.CAREFUL
    if unseen is None:
        return PROVISIONAL, Regime.GUESS
    return _sure_from(provisional_threshold, unseen, PROVISIONAL, keys), Regime.GUESS


def _starter_evidence(pooled: Pooled, model: TopicModel | None, encoding: Encoding | None) -> Unseen | None:
    """Chances for starter messages, each hand scored by a model of the others; whose they are is only likely. What the
    encoder makes of the library's own few texts is left out: it would take the vectors of all these messages.
    """
    if pooled.topical is None or pooled.own is None or model is None:
        return None
    collection = messages()
    texts = [tokenise(compose(collection[i].question)) for i in model.at[::EVERY]]
    scores = pooled.own.score(pooled.own.vocabulary.occurrences(texts)).scores
    logs = np.zeros((4, len(texts), len(pooled.keys)))
    logs[0] = np.log(pooled.topical.chances(model.unseen[::EVERY]))
    logs[1] = own_logs(scores, pooled.own.labels, pooled.keys)
    counts = np.tile(pooled.alone.numbers, (len(texts), 1))
    if encoding is not None and encoding.topics is not None:
        logs[2] = np.log(pooled.topical.chances(encoding.topics.unseen[::EVERY]))
        spoken = [collection[i].question.language in encoding.topics.languages for i in model.at[::EVERY]]
        counts[np.array(spoken)] = pooled.say.numbers
    right = pooled.topical.cover[model.truth[::EVERY]]
    weight = right.sum(axis=1)
    return Unseen(softmax(np.einsum("io,oik->ik", counts, logs)), right / weight[:, None], weight)


def _sure_from(
    rule: Callable[[Doubles, Doubles, Doubles, float], float], unseen: Unseen, precision: float, keys: tuple[str, ...]
) -> float:
    """The threshold by that rule, on the guesses that name a department at all."""
    best = unseen.chances.argmax(axis=1)
    named = np.array([key != NOBODY for key in keys])[best]
    right = unseen.right[np.arange(len(best)), best]
    return rule(unseen.chances.max(axis=1)[named], right[named], unseen.weight[named], precision)


def _admitted(unseen: Unseen, keys: tuple[str, ...]) -> float:
    """The chance from which a department is suggested, by messages that are somebody's."""
    somebodys = [i for i, key in enumerate(keys) if key != NOBODY]
    return admission(unseen.chances[:, somebodys], unseen.right[:, somebodys], unseen.weight, AMONG_SUGGESTED)


def fit_labels(
    rows: Sequence[tuple[Question, str]], precision: float, encoder: Encoder | None = None
) -> FittedClassifier:
    """A classifier of labelled questions alone, whatever the labels are; no departments, no starter collection.

    A label made of words says something by itself, as the name of a department does: it is one more text of its own.
    """
    names = sorted({label for _, label in rows} - {NOBODY})
    taught = [Example(question, label) for question, label in rows]
    taught += [Example(Question("", re.sub(r"[\W_]+", " ", name)), name, Source.DESCRIPTION) for name in names]
    texts = [tokenise(compose(example.question)) for example in taught]
    weights, real = np.ones(len(taught)), np.arange(len(taught)) < len(rows)
    own, trial = fit_linear(texts, [example.department for example in taught], weights, real)
    keys = own.labels
    labels = np.array([keys.index(example.department) for example in taught])
    meaning = None if encoder is None else _Meaning(Encoding(encoder, None), taught, weights, trial)
    opinions = _Opinions(keys, None, keys, trial, meaning)
    pooled, unseen = opinions.pooled(own, labels, real)
    threshold = PROVISIONAL if unseen is None else _sure_from(bounded_threshold, unseen, precision, keys)
    if unseen is not None and threshold == NEVER:
        threshold = _sure_from(provisional_threshold, unseen, precision, keys)
    reach = None if NOBODY in keys else opinions.reach(own, real & _first_of_its_kind(texts))
    return FittedClassifier((), pooled, threshold, Regime.EVIDENCE, encoder=encoder, reach=reach)
