"""What is told of illness, papers, debt, the law or love is not repeated, in five languages; the request is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mailbot.writing import delicate, request_of
from tests.writing.scenes import riverbend, understood

PRIVATE = tomllib.loads((Path(__file__).parent / "private.toml").read_text(encoding="utf-8"))
REQUESTS = {
    "en": "Do you have maps of the county from 1950?",
    "es": "¿Tienen mapas del condado de 1950?",
    "fr": "Avez-vous des cartes du comté de 1950 ?",
    "de": "Haben Sie Karten des Landkreises von 1950?",
    "zh": "请问有没有一九五零年本县的地图?",
}


def sentences(kind: str) -> list[tuple[str, str]]:
    return [(language, text) for language, kinds in PRIVATE.items() for text in kinds[kind]]


@pytest.mark.parametrize(("language", "text"), sentences("told"))
def test_what_is_private_is_never_repeated_before_a_request_or_after_it(language: str, text: str) -> None:
    for whole in (f"{text} {REQUESTS[language]}", f"{REQUESTS[language]} {text}"):
        said = request_of(understood(whole, language=language), riverbend())
        assert said in ("", REQUESTS[language])


@pytest.mark.parametrize(("language", "text"), sentences("told"))
def test_what_is_private_is_not_repeated_where_nothing_else_is_said(language: str, text: str) -> None:
    assert request_of(understood(text, language=language), riverbend()) == ""


@pytest.mark.parametrize(("language", "text"), sentences("asked"))
def test_what_only_sounds_private_is_repeated(language: str, text: str) -> None:
    message = understood(text, language=language)
    assert not delicate(message)
    assert request_of(message, riverbend()).rstrip(" ?。.") == text.rstrip(" ?。.")


@pytest.mark.parametrize("language", PRIVATE)
def test_every_language_has_its_families_of_words(language: str) -> None:
    assert len(PRIVATE[language]["told"]) >= 12
    assert len(PRIVATE[language]["asked"]) >= 5
