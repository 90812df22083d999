"""The lexicon of each language that messages are read in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mailbot.writing.chinese import CHINESE
from mailbot.writing.english import ENGLISH
from mailbot.writing.french import FRENCH
from mailbot.writing.german import GERMAN
from mailbot.writing.lexicon import Lexicon
from mailbot.writing.spanish import SPANISH

_LEXICONS: Mapping[str, Lexicon] = MappingProxyType(
    {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN, "zh": CHINESE}
)


def lexicon(language: str) -> Lexicon:
    """The lexicon of that language; English where there is none."""
    return _LEXICONS.get(language, ENGLISH)
