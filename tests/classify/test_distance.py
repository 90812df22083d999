"""Where no example says what is nobody's, a message that is like nothing known is nobody's."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify import NOBODY, Example, Source
from mailbot.classify.distance import OUTSIDE, Reach, Sample, reach_of
from mailbot.classify.files import load, save
from tests.classify.shelves import DEPARTMENTS, asks, plain
from tests.classify.test_train import corrections

FAR = "Gearbox of my tractor leaks, which gasket fits a 1974 Zetor?"
KNOWN = "Do you have a picture of the old mill?"


def test_a_message_like_none_that_was_labelled_is_nobodys() -> None:
    far, known = plain(DEPARTMENTS, corrections(120)).predict([asks(FAR), asks(KNOWN)])
    assert (far.department, far.sure) == (None, False)
    assert far.reasons == ("It has nothing in common with the messages this was learned from.",)
    assert far.suggestions
    assert known.department == "special-collections"


def test_examples_of_what_is_nobodys_take_its_place() -> None:
    nobodys = Example(asks("Win a cruise today"), NOBODY, Source.CORRECTION)
    assert plain(DEPARTMENTS, [*corrections(120), nobodys]).reach is None


def test_too_few_labels_do_not_tell_how_far_is_too_far() -> None:
    assert plain(DEPARTMENTS, corrections(18)).reach is None
    assert plain(DEPARTMENTS, corrections(60)).reach is not None


def test_one_mail_a_thousand_times_with_other_numbers_does_not_tell_either() -> None:
    same = [Example(asks(f"May I keep atlas {n}?"), "circulation", Source.CORRECTION) for n in range(1000, 1200)]
    assert plain(DEPARTMENTS, same).reach is None


def test_where_a_colleague_named_a_department_it_is_somebodys() -> None:
    (found,) = plain(DEPARTMENTS, corrections(120)).predict([replace(asks(FAR), named=("special-collections",))])
    assert found.department == "special-collections"


def test_it_is_kept_with_the_model(tmp_path: Path) -> None:
    fitted = plain(DEPARTMENTS, corrections(120))
    save(fitted, tmp_path)
    assert load(tmp_path, DEPARTMENTS).reach == fitted.reach


@given(st.integers(60, 400), st.integers(2, 9))
def test_of_messages_that_are_somebodys_hardly_any_is_left_out(number: int, labels: int) -> None:
    scores = np.random.default_rng(number * labels).normal(0, 2, (number, labels)).astype(np.float32)
    reach = reach_of(Sample(scores, np.zeros(labels, np.float32)))
    assert reach is not None
    assert reach.leaves_out(scores, None).sum() <= OUTSIDE * (number + 1)


def test_what_is_near_in_meaning_is_not_far() -> None:
    words, none = np.zeros((3, 2), np.float32), np.full(2, np.nan)
    meaning = np.array([[5.0, 0.0], [0.0, 0.0], none], np.float32)
    assert Reach(2.0, 3.0).leaves_out(words, meaning).tolist() == [False, True, True]
    assert Reach(2.0).leaves_out(words, None).tolist() == [True, True, True]
