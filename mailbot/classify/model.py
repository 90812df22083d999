"""Fits linear text models with scikit-learn and calibrates them on texts that the fit has not seen. Pure.

A model is always the sum of two that err differently, each linear, so that together they are one set of weights: a
logistic regression, and beside it a support vector machine (a library's own texts) or a naive Bayes (the starter
collection). They are scaled by how likely they find the labels of texts that they have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from mailbot.classify.calibrating import best_say
from mailbot.classify.features import Doubles, Floats, Longs, learn_vocabulary, restrict
from mailbot.classify.linear import Linear
from mailbot.classify.logistic import logistic
from mailbot.classify.starter import StarterMessage
from mailbot.classify.text import Tokens, compose, tokenise
from mailbot.classify.topical import TopicModel

MOST_FOLDS, FEWEST_FOLDS = 10, 3
FOLDED_TEXTS = 10_000
"""Texts that are fitted in all the folds together, about: small sets get more folds, being harder to judge."""
ENOUGH_HELD = 4_000
"""Texts whose unseen scores say all there is to say: of more than four times as many, one group of so many is held out,
and the others are not tried."""
SEED = 7
UNTRIED = (1.0, 4.0)
"""What the regression and the other count where there are too few texts to try them on: cautious, since such a model
is right about two times in five."""
ENOUGH_TO_CALIBRATE = 40

PENALTY = 0.1
SMOOTHING = 0.3
STEPS, MORE_STEPS = 12, 4
"""Of the regression on all folds but one, and from their mean on all texts: more make it no better on unseen ones."""
RARE = 2
"""Texts that a term has to stand in: what one person wrote once says nothing, and makes up two terms in three."""
GROUPS = 4
"""Of hands that are held out together: more would take longer, and say the same."""
HURRIED = 5_000
"""Texts below which every term is kept."""

Fit = tuple[Floats, Floats]
"""Weights (terms by labels) and intercepts."""
Learner = Callable[[csr_matrix, Longs, Doubles, int], Fit]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Scores of texts by fits that had not seen them; ``at`` says which texts, in the order of the rows, ``fold`` in
    which group each was held out.
    """

    scores: Floats
    at: Longs
    fold: Longs


def fit_linear(
    texts: Sequence[Tokens], labels: Sequence[str], weights: Doubles, tried: NDArray[np.bool_] | None = None
) -> tuple[Linear, Trial | None]:
    """A model of all texts; calibrated on those ``tried`` (all where None), each scored unseen.

    ``weights`` says how much each text counts. There is no trial where fewer than ``ENOUGH_TO_CALIBRATE`` are
    tried, or where there is one label only. Raises ValueError where there is no text.
    """
    if not texts:
        raise ValueError("a model needs at least one text to learn from")
    names, target = np.unique(np.array(labels), return_inverse=True)
    vocabulary = learn_vocabulary(texts)
    matrix = vocabulary.matrix(texts)
    unseen = np.flatnonzero(np.ones(len(texts), bool) if tried is None else tried)
    several = len(names) > 1 and len(unseen) >= ENOUGH_TO_CALIBRATE
    groups = _folds(unseen, target) if several else []
    pair = _Pair(matrix, target, weights, vocabulary.n_words, len(names), _machines)
    found, scores = pair.fit(groups)
    linear = Linear(vocabulary, tuple(names.tolist()), found[0].astype(np.float16), found[1])
    at = np.concatenate(groups) if groups else unseen[:0]
    fold = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    return linear, Trial(scores[at], at, fold) if groups else None


def fit_topics(collection: Sequence[StarterMessage], *, every: int = 1) -> TopicModel:
    """The model of topics, scaled by how it does on the hands that it has not seen.

    ``every``: fitted on one in so many messages, for those who are in a hurry.
    """
    at = np.arange(0, len(collection), every)
    collection = collection[::every]
    texts = [tokenise(compose(message.question)) for message in collection]
    names, target = np.unique(np.array([message.topic for message in collection]), return_inverse=True)
    group = np.array([message.hand % GROUPS for message in collection])
    vocabulary = learn_vocabulary(texts, smallest=RARE if len(texts) > HURRIED else 1)
    pair = _Pair(vocabulary.matrix(texts), target, np.ones(len(texts)), vocabulary.n_words, len(names), _bayes)
    found, unseen = pair.fit([np.flatnonzero(group == one) for one in np.unique(group)])
    linear = Linear(vocabulary, tuple(names.tolist()), found[0].astype(np.float16), found[1])
    return TopicModel(linear, unseen.astype(np.float16), target, at, group)


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """A logistic regression and a second learner on the same rows, ``n`` labels."""

    matrix: csr_matrix
    target: Longs
    weights: Doubles
    n_words: int
    n: int
    second: Learner

    def fit(self, groups: Sequence[Longs]) -> tuple[Fit, Floats]:
        """Both on all rows, as one, and the scores of each row of ``groups`` by a fit without its group."""
        first, second, begin = self._unseen(groups)
        say = self._say(first, second, np.concatenate(groups)) if groups else UNTRIED
        steps = MORE_STEPS if groups else STEPS
        weights = say[0] * logistic(self.matrix, self.target, self.weights, begin, penalty=PENALTY, steps=steps)
        other, offset = self.second(self.matrix, self.target, self.weights, self.n)
        weights += say[1] * other
        return (weights, np.float32(say[1]) * offset), say[0] * first + say[1] * second

    def _say(self, first: Floats, second: Floats, at: Longs) -> tuple[float, float]:
        """Half of what each would count alone, and together as much as suits both: one temperature each and one for
        the sum. Weights of their own would follow whichever seems surer of itself, which is seldom the better one.
        """
        target, weights = self.target[at], self.weights[at]
        one, other = (0.5 * best_say(scores[None, at], target, weights)[0] for scores in (first, second))
        both = best_say((one * first[at] + other * second[at])[None], target, weights)[0]
        return both * one, both * other

    def _unseen(self, groups: Sequence[Longs]) -> tuple[Floats, Floats, Floats]:
        """Scores of each group by either learner, fitted on the other rows, and the mean weights of these regressions:
        close to those of one fitted on all. What a group alone knows is no word to the others.
        """
        first = np.zeros((len(self.target), self.n), np.float32)
        second = np.zeros_like(first)
        mean = np.zeros((self.matrix.shape[1], self.n), np.float32)
        for held in groups:
            kept = np.setdiff1d(np.arange(len(self.target)), held)
            seen, target, weights = self.matrix[kept], self.target[kept], self.weights[kept]
            known = np.bincount(seen.indices, minlength=self.matrix.shape[1]) > 0
            new = restrict(self.matrix[held], known, self.n_words)
            found = logistic(seen, target, weights, np.zeros_like(mean), penalty=PENALTY, steps=STEPS)
            first[held] = new @ found
            mean += found / len(groups)
            other, offset = self.second(seen, target, weights, self.n)
            second[held] = new @ other + offset
        return first, second, mean


def _bayes(matrix: csr_matrix, target: Longs, weights: Doubles, n: int) -> Fit:
    """Log weights of terms against what all other labels use (Rennie et al. 2003)."""
    machine = ComplementNB(alpha=SMOOTHING).fit(matrix, target, sample_weight=weights)
    found = np.zeros((matrix.shape[1], n), np.float32)
    found[:, machine.classes_] = machine.feature_log_prob_.T
    return found, np.zeros(n, np.float32)


def _machines(matrix: csr_matrix, target: Longs, weights: Doubles, n: int) -> Fit:
    """One-against-the-rest support vector machines, labels balanced; a label without texts scores low."""
    present = np.unique(target)
    coefficients = np.zeros((matrix.shape[1], n), np.float32)
    intercept = np.full(n, -1.0, np.float32)
    if len(present) == 1:
        intercept[present[0]] = 1.0
        return coefficients, intercept
    machine = LinearSVC(class_weight="balanced", random_state=SEED).fit(matrix, target, sample_weight=weights)
    found, offset = machine.coef_, machine.intercept_
    if len(present) == 2:
        found, offset = np.vstack([-found, found]), np.array([-offset[0], offset[0]])
    coefficients[:, present] = found.T
    intercept[present] = offset
    return coefficients, intercept


def _folds(tried: Longs, target: Longs) -> list[Longs]:
    """Groups of the texts tried; each has its share of each label."""
    order = np.random.default_rng(SEED).permutation(tried)
    order = order[np.argsort(target[order], kind="stable")]
    if len(order) > 4 * ENOUGH_HELD:
        return [order[:: len(order) // ENOUGH_HELD]]
    number = int(np.clip(FOLDED_TEXTS // len(order), FEWEST_FOLDS, MOST_FOLDS))
    return [order[k::number] for k in range(number)]
