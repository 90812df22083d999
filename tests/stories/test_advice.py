"""Offers and questions, judged one by one on the half of the sample mails that was kept aside.

The classifier is the one that a library starts with. The rubric stands in docs/benchmarks.md.
"""

from __future__ import annotations

from mailbot.asking import question_of
from mailbot.classify import Classifier
from mailbot.writing import request_of
from mailbot.writing.advice import Advice
from tests.libraries.advice import Mail, given, judged
from tests.writing.halves import half
from tests.writing.scenes import ROOT, riverbend


def test_what_letters_offer_and_ask_is_what_was_judged_and_fits_as_often_as_measured(classifier: Classifier) -> None:
    mails = [Mail(one.sample.id, one.sample.department, one.read) for one in half(aside=True)]
    advice = {(one.id, one.advice) for one in given(riverbend(), mails, classifier)}
    verdicts = judged(ROOT / "tests/riverbend/judged-advice.jsonl")
    assert advice <= verdicts.keys()
    assert sum(verdicts[one] for one in advice) >= 0.8 * len(advice)


def test_where_a_message_is_about_something_else_nothing_is_offered_or_asked(classifier: Classifier) -> None:
    library = riverbend()
    (mail,) = (one for one in half(aside=False) if one.sample.id == "m062")
    (guess,) = classifier.predict([question_of(mail.read, library)])
    advice, core = Advice(library.department("digital")), request_of(mail.read, library)
    assert guess.about is not None
    assert advice.offer(mail.read, core, "en") is not None
    assert advice.offer(mail.read, core, "en", guess.about) is None
