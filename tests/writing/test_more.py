"""Several requests in one message, a first guess before any evidence, a language letters cannot be written in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from mailbot.classify import fit
from mailbot.classify.prediction import Question
from mailbot.mail.language import LANGUAGES
from mailbot.writing import Writer
from mailbot.writing.letter import Letter, LetterKind, Occasion
from mailbot.writing.mirror import asks_more
from tests.writing.scenes import acknowledgement, guess, opened, riverbend, to_desk, understood

TUESDAY = datetime(2027, 2, 2, 10, 0, tzinfo=ZoneInfo("America/Chicago"))
SPOKEN = [
    "pt",
    "it",
    "nl",
    "sv",
    "da",
    "no",
    "fi",
    "pl",
    "cs",
    "ro",
    "ru",
    "uk",
    "el",
    "tr",
    "vi",
    "zh",
    "ja",
    "ko",
    "ar",
]


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer()


def said_by(letter: Letter, record: str) -> list[str]:
    return [words for words, source in letter.sources if record in source]


@pytest.mark.parametrize(
    ("language", "text", "core"),
    [
        (
            "en",
            "Do you post the tote bags? Also my hold went to Northgate: could it be moved to Main?",
            "Do you post the tote bags?",
        ),
        (
            "en",
            "I'd like to learn about patents. Also, can I get a room on Friday?",
            "Also, can I get a room on Friday?",
        ),
        ("en", "1. Can somebody push them back a week? 2. When is story hour?", "When is story hour?"),
        ("es", "¿Prestan guitarras? Además quisiera saber si abren los domingos.", "¿Prestan guitarras?"),
        ("fr", "Prêtez-vous des guitares ? Par ailleurs, je voudrais une carte.", "Prêtez-vous des guitares ?"),
        ("de", "Verleihen Sie Gitarren? Außerdem möchte ich einen Ausweis.", "Verleihen Sie Gitarren?"),
    ],
)
def test_a_second_request_is_seen(language: str, text: str, core: str) -> None:
    assert asks_more(text, language, core)
    assert not asks_more(core, language, core)


def test_a_letter_that_repeats_one_request_of_two_says_that_the_other_is_there_too(writer: Writer) -> None:
    first = "I am doing a project on bees for school. Do you have films about bees for children under ten?"
    second = "I also lost my card last week on the bus with my whole bag in it. What does a new card cost for a child?"
    told = []
    for text in (first, f"{first} {second}"):
        scene = opened(understood(text), "circulation", TUESDAY)
        told.append([source for _, source in writer.write(acknowledgement(scene), scene).sources])
    assert [sources.count("message: text") for sources in told] == [0, 1]


def test_before_there_is_evidence_the_patron_and_the_desk_hear_that_it_may_go_on(writer: Writer) -> None:
    first = replace(guess("circulation", "digital", words=("hold",)), provisional=True)
    for prediction, times in ((first, 1), (replace(first, provisional=False), 0)):
        scene = opened(understood("Could you cancel my hold?"), "circulation", TUESDAY, prediction)
        letter = writer.write(acknowledgement(scene), scene)
        note = writer.write(to_desk(scene, LetterKind.FORWARD, Occasion.ROUTED), scene)
        assert len(said_by(letter, "before there is evidence")) == times
        assert ("first guess: this library has taught the mail assistant nothing yet" in note.text) == bool(times)


def test_a_library_that_has_taught_nothing_gets_provisional_guesses_and_no_rule_is_one() -> None:
    classifier = fit(riverbend().departments, starter=False)
    plain, ruled = classifier.predict(
        [
            Question("", "Please cancel my hold on the book."),
            Question("", "This page?", links=("https://riverbend.example/account",)),
        ]
    )
    assert plain.provisional
    assert not ruled.provisional


@pytest.mark.parametrize("language", SPOKEN)
def test_who_writes_in_another_language_is_told_in_it_which_language_the_letter_is_in(
    writer: Writer, language: str
) -> None:
    assert language in LANGUAGES
    scene = opened(understood("Buongiorno, vorrei una tessera.", language=language), "circulation", TUESDAY)
    letter = writer.write(acknowledgement(scene), scene)
    (told,) = said_by(letter, f"language {language}")
    assert letter.language == "en"
    assert "We can't answer" not in told
    assert writer.wordings.named(language, "en") in told


def test_a_language_in_which_nothing_can_be_said_is_named_in_the_letters_own(writer: Writer) -> None:
    scene = opened(understood("Szeretnék egy kártyát.", language="hu"), "circulation", TUESDAY)
    letter = writer.write(acknowledgement(scene), scene)
    assert "We can't answer in Hungarian yet, so this letter is in English." in letter.text
