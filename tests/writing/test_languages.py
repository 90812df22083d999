"""Letters in French and German about the sample library: as complete as in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from mailbot.library import Department
from mailbot.writing import Writer
from tests.writing.phrases import banned_in
from tests.writing.scenes import acknowledgement, guess, opened, riverbend, understood

TUESDAY = datetime(2027, 2, 2, 10, 0, tzinfo=ZoneInfo("America/Chicago"))
ASKED = {
    ("fr", "circulation"): (
        "Puis-je prolonger mon livre jusqu'à lundi ?",
        "carte de bibliothèque",
        "https://riverbend.example/account",
    ),
    ("de", "circulation"): (
        "Kann ich die drei Bücher verlängern, die am Montag fällig sind?",
        "Bibliotheksausweis",
        "https://riverbend.example/account",
    ),
    ("fr", "digital"): ("Peut-on imprimer un document depuis la maison ?", "noir et blanc", "riverbend.example/print"),
    ("de", "digital"): ("Kann ich bei Ihnen ein Formular ausdrucken?", "Schwarzweiß", "riverbend.example/print"),
    ("fr", "outreach"): (
        "Ma mère ne peut pas sortir. Comment lui porter des livres ?",
        "quartier",
        "riverbend.example/homebound",
    ),
    ("de", "programs-and-rooms"): (
        "Kann unser Verein bei Ihnen einen Raum mieten?",
        "wie viele Personen",
        "riverbend.example/rooms",
    ),
}


def texts(department: Department) -> Iterator[dict[str, str]]:
    yield dict(department.looks_after)
    for ask in department.asks:
        yield from (dict(text) for text in (ask.ask, ask.why, ask.caution) if text)
    for offer in department.meanwhile:
        yield dict(offer.offer)


@pytest.mark.parametrize("department", riverbend().departments, ids=lambda found: found.key)
def test_whatever_the_directory_says_it_says_in_four_languages(department: Department) -> None:
    for text in texts(department):
        assert set(text) == {"en", "es", "fr", "de"}, text
        for language, words in text.items():
            assert not banned_in(words, language), words


def asks_two(key: str, language: str, text: str) -> bool:
    """Whether a letter asks for two things; then it offers nothing besides."""
    return sum(ask.ask[language] in text for ask in riverbend().department(key).asks) > 1


@pytest.mark.parametrize(("language", "key"), ASKED)
def test_a_letter_in_french_or_german_says_why_them_and_what_would_help(language: str, key: str) -> None:
    text, asks, where = ASKED[language, key]
    scene = opened(understood(text, language=language), key, TUESDAY, guess(key))
    letter = Writer().write(acknowledgement(scene), scene)
    assert letter.language == language
    assert riverbend().department(key).looks_after[language] in letter.text
    assert asks in letter.text
    assert where in letter.text or asks_two(key, language, letter.text), letter.text
    assert not re.search(r"\b(the|who|with|library card)\b", letter.text.replace("the mail assistant", ""))
