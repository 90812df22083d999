import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from mailbot.classify.features import Floats, Longs
from mailbot.classify.logistic import logistic

CHANCE = np.random.default_rng(3)
TARGET: Longs = CHANCE.integers(0, 4, 120)
ROWS = csr_matrix(
    (CHANCE.random((120, 30)) < 0.2).astype(np.float32) + np.eye(4, 30, dtype=np.float32)[TARGET] * 0.5,
    dtype=np.float32,
)


def fitted(penalty: float, steps: int, weights: np.ndarray | None = None) -> Floats:
    counts = np.ones(len(TARGET)) if weights is None else weights
    begin = np.zeros((ROWS.shape[1], 4), np.float32)
    return logistic(ROWS, TARGET, counts, begin, penalty=penalty, steps=steps)


def loss(found: Floats, penalty: float) -> float:
    scores = ROWS @ found
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return float(-np.log(chances[np.arange(len(TARGET)), TARGET]).sum() + penalty / 2 * (found**2).sum())


@pytest.mark.parametrize("penalty", [1.0, 0.1])
def test_it_comes_as_low_as_scikit_learn_does(penalty: float) -> None:
    machine = LogisticRegression(C=1 / penalty, fit_intercept=False, tol=1e-6, max_iter=2000).fit(ROWS, TARGET)
    least = loss(machine.coef_.T.astype(np.float32), penalty)
    assert loss(fitted(penalty, 40), penalty) == pytest.approx(least, rel=1e-3)
    assert loss(fitted(penalty, 12), penalty) == pytest.approx(least, rel=0.02)


@pytest.mark.parametrize("penalty", [1e-2, 1e-4, 1e-8])
def test_it_goes_down_steadily_however_little_holds_it_back(penalty: float) -> None:
    """Rows that can be told apart without fail have their least loss infinitely far away."""
    losses = [loss(fitted(penalty, steps), penalty) for steps in (0, 2, 4, 8, 16)]
    assert np.isfinite(losses).all()
    assert losses == sorted(losses, reverse=True)


def test_a_row_that_counts_twice_is_as_good_as_two_rows() -> None:
    weights = np.ones(len(TARGET))
    weights[:20] = 2.0
    twice = np.concatenate([np.arange(len(TARGET)), np.arange(20)])
    begin = np.zeros((ROWS.shape[1], 4), np.float32)
    both = logistic(ROWS[twice], TARGET[twice], np.ones(len(twice)), begin, penalty=0.5, steps=8)
    assert fitted(0.5, 8, weights) == pytest.approx(both, abs=1e-4)
