"""Offers and questions, judged one by one on the half of the sample mails that was kept aside.

The classifier is the one that a library starts with. The rubric stands in docs/benchmarks.md.
"""

from __future__ import annotations

import json

from mailbot.asking import question_of
from mailbot.classify import Classifier
from mailbot.writing import delicate, request_of
from mailbot.writing.advice import Advice
from tests.writing.halves import half
from tests.writing.scenes import ROOT, riverbend

WORDED = {"en", "es", "fr", "de"}


def judged() -> dict[tuple[str, str], bool]:
    lines = (ROOT / "tests/riverbend/judged-advice.jsonl").read_text(encoding="utf-8").splitlines()
    return {(row["id"], row["advice"]): row["right"] for row in map(json.loads, lines) if row["why"]}


def given(classifier: Classifier) -> set[tuple[str, str]]:
    """What the letters offer and ask, by mail, where the right department has it."""
    library = riverbend()
    mails = [one for one in half(aside=True) if one.sample.department and not delicate(one.read)]
    found: set[tuple[str, str]] = set()
    for mail, guess in zip(mails, classifier.predict([question_of(one.read, library) for one in mails]), strict=True):
        advice, core = Advice(library.department(mail.sample.department)), request_of(mail.read, library)
        language = mail.read.language if mail.read.language in WORDED else library.language
        asks = advice.asks(mail.read, core, language, guess.about)
        found |= {(mail.sample.id, ask.key) for ask in asks}
        if len(asks) < 2 and advice.offer(mail.read, core, language, guess.about):
            found.add((mail.sample.id, "offer"))
    return found


def test_what_letters_offer_and_ask_is_what_was_judged_and_four_in_five_fit(classifier: Classifier) -> None:
    verdicts, advice = judged(), given(classifier)
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
