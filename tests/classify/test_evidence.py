import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from mailbot.classify.evidence import NEVER, bounded_threshold, lower_bound, provisional_threshold


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
