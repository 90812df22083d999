"""How guesses went, and when a model has to be surer than it thinks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mailbot.asking import Restrained
from mailbot.classify import Guess, Prediction, Question
from mailbot.classify.prediction import Guessed
from mailbot.classify.tally import by_department, by_week
from mailbot.classify.watching import needs_raise

MONDAY = datetime(2027, 1, 4, 15, tzinfo=UTC)
ZONE = ZoneInfo("America/Chicago")


def guessed(right: bool | None, confidence: float = 0.9, *, sure: bool = True, day: int = 0) -> Guessed:
    return Guessed(MONDAY + timedelta(days=day), "circulation", confidence, sure, False, "v0002", right)


def test_guesses_are_counted_by_week_and_department() -> None:
    found = by_week([guessed(True), guessed(False, day=6), guessed(None, sure=False, day=7)], ZONE)
    assert list(found) == [date(2027, 1, 4), date(2027, 1, 11)]
    first, second = found.values()
    assert (first.guesses, first.sure, first.precision, first.share_sure) == (2, 2, 0.5, 1.0)
    assert (second.guesses, second.sure, second.precision) == (1, 0, None)
    assert by_department([guessed(True, sure=False)])["circulation"].unsure_right == 1


def test_a_week_ends_where_the_library_is() -> None:
    late = Guessed(datetime(2027, 1, 11, 3, tzinfo=UTC), "x", 0.9, True, False, "v0002")
    assert list(by_week([late], ZONE)) == [date(2027, 1, 4)]


def test_a_model_that_is_right_often_enough_is_left_alone() -> None:
    assert needs_raise([guessed(True)] * 40 + [guessed(False)] * 2, "v0002", 0.95) is None


def test_a_few_mistakes_prove_nothing() -> None:
    assert needs_raise([guessed(False)] * 5, "v0002", 0.95) is None
    assert needs_raise([guessed(True)] * 17 + [guessed(False)] * 3, "v0002", 0.85) is None


def test_a_model_that_is_wrong_too_often_has_to_be_surer() -> None:
    past = [guessed(True, 0.95)] * 30 + [guessed(False, 0.8)] * 15
    found = needs_raise(past, "v0002", 0.95)
    assert found is not None
    assert (found.right, found.judged, found.threshold) == (30, 45, 0.95)


def test_one_that_is_wrong_at_any_confidence_is_sure_of_nothing_any_more() -> None:
    found = needs_raise([guessed(True, 0.9)] * 5 + [guessed(False, 0.97)] * 20, "v0002", 0.95)
    assert found is not None
    assert found.threshold > 1.0


def test_only_guesses_of_this_model_that_went_out_alone_count() -> None:
    others = [
        guessed(False, sure=False),
        Guessed(MONDAY, "x", 0.99, True, True, "v0002", False),
        Guessed(MONDAY, "x", 0.9, True, False, "v0001", False),
        guessed(None),
    ]
    assert needs_raise(others * 50, "v0002", 0.95) is None


@given(st.lists(st.tuples(st.booleans(), st.floats(0.5, 1.0)), min_size=10, max_size=60))
def test_a_raised_threshold_is_higher_than_the_least_sure_of_those_that_failed(told: list[tuple[bool, float]]) -> None:
    past = [guessed(right, confidence) for right, confidence in told]
    found = needs_raise(past, "v0002", 0.95)
    assert found is None or found.threshold > min(confidence for _, confidence in told)


def test_a_restrained_classifier_guesses_the_same_and_is_sure_of_less() -> None:
    class Sure:
        def predict(self, questions: Sequence[Question]) -> list[Prediction]:
            return [
                Prediction("a", 0.8, True, (Guess("b", 0.1),)),
                Prediction("a", 0.95, True),
                Prediction("a", 0.5, True, rule="x.example"),
            ]

    found = Restrained(Sure(), 0.9).predict([Question("", "")] * 3)
    assert [guess.sure for guess in found] == [False, True, True]
    assert [guess.department for guess in found] == ["a", "a", "a"]
    assert found[0].runners_up == (Guess("b", 0.1),)
