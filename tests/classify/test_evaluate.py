import json
from contextlib import suppress
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify import NOBODY
from mailbot.classify.evaluate import Row, area_under_risk, calibration_error, evaluate, rows_from
from mailbot.classify.topical import TopicModel
from mailbot.errors import ConfigError
from tests.classify.shelves import DEPARTMENTS

TRAIN = [
    *(Row(f"please renew book {word} on my card", "circulation") for word in ("one", "two", "three", "four")),
    *(Row(f"an old {word} of the flood", "special-collections") for word in ("map", "photo", "letter", "diary")),
    *(Row(f"buy cheap {word} now", NOBODY) for word in ("watches", "pills", "shoes", "boats")),
]
TEST = [Row("renew my card please", "circulation"), Row("the flood map", "special-collections"), Row("buy now", NOBODY)]


def ticks() -> float:
    return next(_TICKS)


_TICKS = map(float, count())


def test_a_training_file_is_measured_on_a_test_file() -> None:
    got = evaluate(TRAIN, TEST, (), lambda: None, clock=ticks)
    assert (got.n_train, got.n_test, got.labels) == (12, 3, 2)
    assert got.accuracy == got.macro_f1 == 1.0
    assert got.oos_recall == 1.0
    assert got.fit_seconds == 1.0
    assert got.model_bytes > 1000


def test_every_test_row_gets_a_department_and_a_ranking_of_all() -> None:
    got = evaluate(TRAIN, TEST, (), lambda: None, clock=ticks)
    for row in got.predictions:
        assert row.department == row.ranking[0]
        assert sorted(row.ranking) == ["circulation", "special-collections"]
        assert set(json.loads(row.to_json())) == {"department", "sure", "confidence", "ranking"}


def test_the_json_has_every_field_of_the_contract() -> None:
    got = json.loads(evaluate(TRAIN, TEST, (), lambda: None, clock=ticks).to_json())
    fields = "n_train n_test labels accuracy macro_f1 ece sure oos_recall aurc fit_seconds ms_per_message model_bytes"
    assert list(got) == fields.split()
    assert set(got["sure"]) == {"threshold", "coverage", "precision"}


def test_without_a_training_file_the_departments_are_what_it_starts_from(topic_model: TopicModel) -> None:
    test = [
        Row("Can I keep my books longer?", "circulation"),
        Row("See https://riverbend.example/account", "circulation"),
    ]
    got = evaluate(None, test, DEPARTMENTS, lambda: topic_model, clock=ticks)
    assert got.accuracy == 1.0
    assert got.labels == 3
    assert got.predictions[1].sure
    assert len(got.predictions[1].ranking) == 3


def test_a_label_that_is_no_department_is_named(topic_model: TopicModel) -> None:
    with pytest.raises(ConfigError, match=r"'circulatoin'.*did you mean circulation"):
        evaluate(None, [Row("x", "circulatoin")], DEPARTMENTS, lambda: topic_model, clock=ticks)


def test_a_label_never_seen_in_training_counts_as_wrong() -> None:
    assert evaluate(TRAIN, [Row("renew", "astronomy")], (), lambda: None, clock=ticks).accuracy == 0.0


def test_no_test_rows_no_figures() -> None:
    got = evaluate(TRAIN, [], (), lambda: None, clock=ticks)
    assert got.accuracy is got.macro_f1 is got.ece is got.oos_recall is got.aurc is got.ms_per_message is None


def test_no_training_rows_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no rows"):
        evaluate([], TEST, (), lambda: None, clock=ticks)


def test_a_csv_is_read_as_spreadsheets_write_it() -> None:
    content = '\ufefftext,label,subject\r\n"one, ""two""\r\nthree",reference,Hi\r\nfour,,\r\n'.encode()
    assert rows_from(content, "x.csv") == (
        Row('one, "two"\r\nthree', "reference", "Hi"),
        Row("four", NOBODY, ""),
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"text,department\na,b\n", "line 1: column 'department'"),
        (b"text\na\n", "one column 'label'"),
        (b"text,label\na,b,c\n", "line 2: 3 fields"),
        (b'text,label\n"a,b\n', "line 2"),
        (b"text,label\n\xff,b\n", "not UTF-8 at byte 11"),
    ],
)
def test_a_mistake_in_a_csv_is_named_with_file_and_line(content: bytes, said: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.csv") as caught:
        rows_from(content, "x.csv")
    assert said in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_clear_error(content: bytes) -> None:
    with suppress(ConfigError):
        assert all(row.label for row in rows_from(b"text,label\n" + content, "x.csv"))


def test_confidence_that_is_as_good_as_its_word_has_no_calibration_error() -> None:
    confidence = np.array([0.75] * 4)
    assert calibration_error(confidence, np.array([True, True, True, False])) == pytest.approx(0.0)
    assert calibration_error(confidence, np.array([False] * 4)) == pytest.approx(0.75)


def test_risk_is_least_where_the_wrong_guesses_come_last() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    assert area_under_risk(confidence, np.array([True, True, True, False])) == pytest.approx(1 / 16)
    assert area_under_risk(confidence, np.array([False, True, True, True])) == pytest.approx(
        (1 + 1 / 2 + 1 / 3 + 1 / 4) / 4
    )
