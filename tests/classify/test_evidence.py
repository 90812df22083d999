import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from mailbot.classify.evidence import (
    NEVER,
    admission,
    bounded_threshold,
    lower_bound,
    provisional_threshold,
    upper_bound,
)


def test_the_bound_leaves_one_chance_in_ten() -> None:
    bound = lower_bound(np.array([45.0, 0.0, 95.0]), np.array([45.0, 10.0, 100.0]))
    assert bound == pytest.approx([0.1 ** (1 / 45), 0.0, 0.90923], abs=1e-5)
    assert binom.sf(94, 100, bound[2]) == pytest.approx(0.1)


def test_forty_five_in_a_row_prove_ninety_five_per_cent() -> None:
    confidence, right = np.linspace(0.9, 0.5, 45), np.ones(45, bool)
    assert bounded_threshold(confidence, right, np.ones(45), 0.95) == 0.5
    assert bounded_threshold(confidence[:44], right[:44], np.ones(44), 0.95) == NEVER


def test_provisionally_the_share_itself_is_enough() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    assert provisional_threshold(confidence, np.array([True, True, True, False]), np.ones(4), 0.75) == 0.6
    assert provisional_threshold(confidence, np.array([False, True, True, True]), np.ones(4), 0.85) == NEVER


def test_nothing_tried_nothing_proved() -> None:
    empty, none = np.zeros(0), np.zeros(0, bool)
    assert provisional_threshold(empty, none, empty, 0.85) == bounded_threshold(empty, none, empty, 0.85) == NEVER


@given(st.lists(st.tuples(st.sampled_from([0.2, 0.4, 0.6, 0.8]), st.booleans()), min_size=1))
def test_what_lies_above_the_threshold_is_right_often_enough(tried: list[tuple[float, bool]]) -> None:
    confidence = np.array([c for c, _ in tried])
    right = np.array([r for _, r in tried])
    threshold = provisional_threshold(confidence, right, np.ones(len(right)), 0.7)
    above = confidence >= threshold
    assert not above.any() or right[above].mean() >= 0.7


def test_a_guess_may_stand_for_many_messages() -> None:
    confidence, right = np.array([0.9, 0.8]), np.array([True, False])
    assert provisional_threshold(confidence, right, np.array([1.0, 1.0]), 0.5) == 0.5
    assert provisional_threshold(confidence, right, np.array([1.0, 9.0]), 0.5) == 0.9


def test_the_right_one_is_suggested_as_often_as_promised() -> None:
    """Of messages like those by which the list was made, at least so many have their department on it."""
    chance, half = np.random.default_rng(2), 10_000
    scores = chance.normal(0, 1.5, (2 * half, 6))
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) < chance.random((2 * half, 1))).sum(axis=1)
    level = admission(chances[:half], np.eye(6)[labels[:half]], np.ones(half), 0.9)
    offered = chances[half:] >= level
    assert offered[np.arange(half), labels[half:]].mean() == pytest.approx(0.9, abs=0.01)
    assert offered.sum(axis=1).mean() < 5


def test_of_too_few_nothing_is_promised() -> None:
    assert admission(np.array([[0.9, 0.1]]), np.array([[1.0, 0.0]]), np.ones(1), 0.9) == 0.0
    assert admission(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0), 0.9) == 0.0


def test_the_upper_bound_leaves_one_chance_in_ten() -> None:
    assert binom.cdf(14, 20, upper_bound(14.0, 20.0)) == pytest.approx(0.1)
    assert upper_bound(20.0, 20.0) == 1.0
