import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.classify import NOBODY, Classifier, Example, Source
from mailbot.classify.linear import token_scores
from mailbot.classify.text import compose, tokenise
from mailbot.library import Department
from tests.classify.shelves import DEPARTMENTS, asks, plain


@pytest.fixture(scope="module")
def fitted() -> Classifier:
    return plain(DEPARTMENTS)


def test_importing_the_package_is_instant_because_it_brings_no_scikit_learn() -> None:
    code = "import sys, mailbot.classify; print([m for m in ('numpy', 'scipy', 'sklearn') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_library_is_served_from_its_departments_alone(fitted: Classifier) -> None:
    renewal, flood = fitted.predict(
        [asks("How do I get a renewal of my due date?"), asks("Old maps of the flood, photos")]
    )
    assert renewal.department == "circulation"
    assert flood.department == "special-collections"
    assert len(renewal.runners_up) == 2
    assert {guess.department for guess in renewal.runners_up} == {"special-collections", "reference"}


def test_names_and_descriptions_are_enough() -> None:
    bare = [Department(d.key, d.name, d.email, d.description) for d in DEPARTMENTS]
    assert plain(bare).predict([asks("photographs of the flood")])[0].department == "special-collections"


def test_confidences_add_up_to_one(fitted: Classifier) -> None:
    prediction = fitted.predict([asks("renewals and photographs")])[0]
    assert prediction.confidence + sum(guess.confidence for guess in prediction.runners_up) == pytest.approx(1.0)


def test_a_rule_decides_before_the_model(fitted: Classifier) -> None:
    link = "https://riverbend.example/blog/performing-editions-come-home"
    prediction = fitted.predict([asks("Renewals, holds, fees?", links=(link,))])[0]
    assert (prediction.department, prediction.sure, prediction.rule) == ("special-collections", True, link)
    assert prediction.runners_up[0].department == "circulation"
    assert link in prediction.reasons[0]


def test_without_a_known_word_nobody_is_guessed(fitted: Classifier) -> None:
    for text in ("", "🙂🙂", "\x00\x01", "?!"):
        prediction = fitted.predict([asks(text)])[0]
        assert prediction.department is None
        assert not prediction.sure
        assert len(prediction.runners_up) == 3


def test_no_departments_no_guess() -> None:
    assert plain(()).predict([asks("anything")])[0].department is None


def test_one_department_gets_it() -> None:
    assert plain(DEPARTMENTS[:1]).predict([asks("my card")])[0].department == "circulation"


def test_no_question_no_prediction(fitted: Classifier) -> None:
    assert fitted.predict([]) == []


def test_words_are_named_as_they_stand_in_the_message(fitted: Classifier) -> None:
    prediction = fitted.predict([asks("Our family would love OLD PHOTOGRAPHS, and the Rare-Books too")])[0]
    assert any("PHOTOGRAPHS" in word for word in prediction.words)


def test_batches_and_single_messages_agree(fitted: Classifier) -> None:
    texts = [asks(text) for text in ("renew my card", "", "maps", "databases and citations", "the mayor's letters")]
    assert fitted.predict(texts) == [fitted.predict([text])[0] for text in texts]


def test_a_correction_teaches() -> None:
    example = Example(asks("Is the telescope in?"), "reference", Source.CORRECTION)
    other = Example(asks("Buy cheap watches"), NOBODY, Source.CORRECTION)
    fitted = plain(DEPARTMENTS, examples=[example, other])
    assert fitted.predict([asks("the telescope, please")])[0].department == "reference"
    assert fitted.predict([asks("cheap watches to buy")])[0].department is None


def test_an_example_of_a_department_that_is_gone_is_left_out() -> None:
    gone = Example(asks("the telescope"), "astronomy", Source.CORRECTION)
    prediction = plain(DEPARTMENTS, examples=[gone]).predict([asks("the telescope")])[0]
    assert prediction.department != "astronomy"


def test_careful_is_never_sure_without_a_rule() -> None:
    careful = plain(DEPARTMENTS, start="careful")
    assert not careful.predict([asks("renew renewals holds pickup fees cards PINs borrowing")])[0].sure
    assert careful.predict([asks("", links=("https://riverbend.example/account",))])[0].sure


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_can_be_predicted(texts: list[str]) -> None:
    predictions = _shared().predict([asks(text, subject=text[:10]) for text in texts])
    assert len(predictions) == len(texts)
    for text, prediction in zip(texts, predictions, strict=True):
        whole = compose(asks(text, subject=text[:10]))
        assert 0.0 <= prediction.confidence <= 1.0
        assert all(word in whole for word in prediction.words + prediction.against)


_FITTED: list[Classifier] = []


def _shared() -> Classifier:
    if not _FITTED:
        _FITTED.append(plain(DEPARTMENTS))
    return _FITTED[0]


def test_the_reasons_are_exact_what_the_words_say_adds_up_to_the_margin() -> None:
    pooled = plain(DEPARTMENTS).pooled
    assert pooled is not None
    assert pooled.own is not None
    texts = [tokenise("can I renew the old photographs"), tokenise(""), tokenise("my hold on the rare books")]
    scored = pooled.own.score(pooled.own.vocabulary.occurrences(texts))
    found = token_scores(scored)
    ends = [*scored.occurrences.first_token[1:], len(found)]
    for i, scores in enumerate(scored.scores - pooled.own.intercept):
        added = found[scored.occurrences.first_token[i] : ends[i]].sum(axis=0)
        assert added == pytest.approx(scores, abs=1e-4)


def test_the_reasons_are_true_without_the_words_named_the_margin_falls() -> None:
    fitted = plain(DEPARTMENTS)
    text = "Could somebody tell me whether my renewals went through, the maps can wait"
    before = fitted.predict([asks(text)])[0]
    assert before.words
    for word in before.words:
        text = text.replace(word, "")
    after = fitted.predict([asks(text)])[0]
    assert after.department != before.department or after.confidence < before.confidence
