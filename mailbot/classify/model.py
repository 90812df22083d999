"""Fits linear text models with scikit-learn and calibrates them on texts that the fit has not seen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from mailbot.classify.features import Doubles, Floats, Longs, learn_vocabulary, restrict
from mailbot.classify.linear import Linear, softmax
from mailbot.classify.logistic import logistic
from mailbot.classify.starter import StarterMessage
from mailbot.classify.text import Tokens, compose, tokenise
from mailbot.classify.topical import TopicModel

MOST_FOLDS, FEWEST_FOLDS = 5, 3
FOLDED_TEXTS = 10_000
"""Texts that are fitted in all the folds together, about: small sets get more folds, being harder to judge."""
SEED = 7
UNSEEN_TEMPERATURE = 0.45
"""Of a model that has too few texts to try itself on: cautious, since such a model is right about two times in five."""
ENOUGH_TO_CALIBRATE = 40

PENALTY = 0.1
SMOOTHING = 0.3
STEPS, MORE_STEPS = 8, 4
"""Of the regression on all hands but one, and from there on all: more of them make it no better on unseen texts."""
RARE = 2
"""Texts that a term has to stand in: what one person wrote once says nothing, and makes up two terms in three."""
HURRIED = 5_000
"""Texts below which every term is kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Scores of texts by fits that had not seen them; ``at`` says which texts, in the order of the rows."""

    scores: Floats
    at: Longs


def fit_linear(
    texts: Sequence[Tokens], labels: Sequence[str], weights: Doubles, tried: NDArray[np.bool_] | None = None
) -> tuple[Linear, Trial | None]:
    """One-against-the-rest SVMs on all texts; calibrated on those ``tried`` (all where None), each scored unseen.

    ``weights`` says how much each text counts. There is no trial where fewer than ``ENOUGH_TO_CALIBRATE`` are
    tried, or where there is one label only. Raises ValueError where there is no text.
    """
    if not texts:
        raise ValueError("a model needs at least one text to learn from")
    names, target = np.unique(np.array(labels), return_inverse=True)
    vocabulary = learn_vocabulary(texts)
    matrix = vocabulary.matrix(texts)
    coefficients, intercept = _machines(matrix, target, weights, len(names))
    unseen = np.ones(len(texts), bool) if tried is None else tried
    trial, temperature = None, UNSEEN_TEMPERATURE
    if len(names) > 1 and unseen.sum() >= ENOUGH_TO_CALIBRATE:
        trial = _trial(matrix, target, weights, unseen, len(names))
        temperature = best_temperature(trial.scores, target[trial.at], weights[trial.at])
    linear = Linear(vocabulary, tuple(names.tolist()), coefficients.astype(np.float16), intercept, temperature)
    return linear, trial


def fit_topics(collection: Sequence[StarterMessage], *, every: int = 1) -> TopicModel:
    """The model of topics: the mean of a logistic regression and a complement naive Bayes, which err
    differently.

    Both are linear, so they are one set of weights. Scaled by how they do on the hands they have not seen. ``every``:
    fitted on one in so many messages, for those who are in a hurry.
    """
    at = np.arange(0, len(collection), every)
    collection = collection[::every]
    texts = [tokenise(compose(message.question)) for message in collection]
    labels = np.array([message.topic for message in collection])
    hand = np.array([message.hand for message in collection])
    names, target = np.unique(labels, return_inverse=True)
    vocabulary = learn_vocabulary(texts, smallest=RARE if len(texts) > HURRIED else 1)
    matrix = vocabulary.matrix(texts)
    regression, bayes, begin = _unseen_hands(matrix, target, hand, vocabulary.n_words)
    evenly = np.ones(len(texts))
    scales = [0.5 / best_temperature(scores, target, evenly) for scores in (regression, bayes)]
    weights = scales[0] * logistic(matrix, target, begin, penalty=PENALTY, steps=MORE_STEPS)
    weights += scales[1] * _bayes(matrix, target, len(names))
    unseen = scales[0] * regression + scales[1] * bayes
    intercept = np.zeros(len(names), np.float32)
    linear = Linear(vocabulary, tuple(names.tolist()), weights.astype(np.float16), intercept, 1.0)
    return TopicModel(linear, unseen.astype(np.float16), target, at)


def _unseen_hands(matrix: csr_matrix, target: Longs, hand: Longs, n_words: int) -> tuple[Floats, Floats, Floats]:
    """Scores of each hand by a logistic regression and by a naive Bayes that were fitted on the others, and the mean
    weights of these regressions: close to those of one fitted on all.
    """
    n = int(target.max()) + 1
    regression = np.zeros((len(target), n), np.float32)
    bayes = np.zeros((len(target), n), np.float32)
    mean = np.zeros((matrix.shape[1], n), np.float32)
    hands: list[int] = np.unique(hand).tolist()
    for held in hands:
        kept, out = np.flatnonzero(hand != held), np.flatnonzero(hand == held)
        seen = matrix[kept]
        known = np.bincount(seen.indices, minlength=matrix.shape[1]) > 0
        new = restrict(matrix[out], known, n_words)
        weights = logistic(seen, target[kept], np.zeros_like(mean), penalty=PENALTY, steps=STEPS)
        regression[out] = new @ weights
        mean += weights / len(hands)
        bayes[out] = new @ (_bayes(seen, target[kept], n) * known[:, None])
    return regression, bayes, mean


def _bayes(matrix: csr_matrix, target: Longs, n: int) -> Floats:
    """Log weights of terms against what all other labels use (Rennie et al. 2003)."""
    machine = ComplementNB(alpha=SMOOTHING).fit(matrix, target)
    weights = np.zeros((matrix.shape[1], n), np.float32)
    weights[:, machine.classes_] = machine.feature_log_prob_.T
    return weights


def _machines(matrix: csr_matrix, target: Longs, weights: Doubles, n: int) -> tuple[Floats, Floats]:
    """Weights and intercepts of one-against-the-rest SVMs, labels balanced; a label without texts scores low."""
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


def _trial(matrix: csr_matrix, target: Longs, weights: Doubles, tried: NDArray[np.bool_], n: int) -> Trial:
    """Every fold has its share of each label."""
    order = np.random.default_rng(SEED).permutation(np.flatnonzero(tried))
    order = order[np.argsort(target[order], kind="stable")]
    folds = int(np.clip(FOLDED_TEXTS // len(order), FEWEST_FOLDS, MOST_FOLDS))
    scores: list[Floats] = []
    for k in range(folds):
        held = order[k::folds]
        kept = np.setdiff1d(np.arange(len(target)), held)
        coefficients, intercept = _machines(matrix[kept], target[kept], weights[kept], n)
        scores.append(matrix[held] @ coefficients + intercept)
    return Trial(np.vstack(scores), np.concatenate([order[k::folds] for k in range(folds)]))


def best_temperature(scores: NDArray[np.floating], target: Longs, weights: Doubles) -> float:
    """The temperature at which the scores of unseen texts give the true labels the highest likelihood."""

    def loss(log_temperature: float) -> float:
        chances = softmax(scores / np.exp(log_temperature))[np.arange(len(target)), target]
        return float(-(weights * np.log(np.maximum(chances, 1e-12))).sum() / weights.sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-5.0, 4.0), method="bounded").x))
