"""Messages that must not wait: somebody is in danger, threatened or harassed, there is water or fire in the house, a
way in is barred, a law is invoked.

Owns how they are known; the words are in ``alarms``, a file a language, a line a turn of phrase, in small letters
without accents. Every language is looked for in every text: a short cry is often taken for another language, and a mark
too many costs a second pair of eyes. A line is one of these:

``words``
    A pattern that marks wherever it stands. ``{near}`` and ``{nearer}`` stand for what may lie between two words of a
    sentence, ``{far}`` between two words of neighbouring sentences.
``words & others``
    Marks where the others stand near as well, before or behind; ``& more`` may follow.
``? words`` (``? words & others``)
    The mere name of a thing: marks unless words that make it harmless stand near.
``~ words``
    What makes it harmless: a novel, a course, the year 1932. It takes back nothing but what ``?`` lines mark, so a cry
    that mentions a book is still heard as long as a line without ``?`` hears it.

"Near" is a hundred characters, or thirty in Chinese. Patterns are tried on hostile text: every gap in them is bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from mailbot.mail.lexicon import LETTERS, Words, beginnings, lexicon, openings

_MOST = 6000  # characters: what stands further down is rarely what is wrong
_ASKED_AGAIN = 16  # texts: whoever decides, and each letter, asks the same of the same message
_NEAR, _NEARER, _FAR = r"[^.?!\n]{0,80}", r"[^.?!\n]{0,40}", r"[^\n]{0,160}"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPACED, _AROUND = ("en", "es", "fr", "de"), 100  # characters
_UNSPACED, _AROUND_UNSPACED = ("zh",), 30


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words that mark only with others near, or only with nothing near that makes them harmless."""

    words: Words
    beginnings: frozenset[str]
    others: tuple[Words, ...]
    unless_calm: bool


@dataclass(frozen=True, slots=True)
class _Alarms:
    """The lines of some languages: ``said`` marks by itself, ``openings`` are the first words of all signs, which are
    kept by the letters that they begin with, three at most.
    """

    said: Words
    openings: Words
    signs: Mapping[str, tuple[_Sign, ...]]
    calm: Words
    around: int

    def ring(self, plain: str) -> bool:
        return self.said.search(plain) is not None or any(
            self._told(plain, found.start()) for found in self.openings.finditer(plain)
        )

    def _told(self, plain: str, start: int) -> bool:
        """Whether a sign that is one opens here."""
        here = plain[start : start + 2 * self.around]
        before = plain[max(0, start - self.around) : start]
        for sign in (sign for letters in range(LETTERS + 1) for sign in self.signs.get(here[:letters], ())):
            found = sign.words.match(here)
            if found is not None and self._holds(sign, before + here[: found.end() + self.around]):
                return True
        return False

    def _holds(self, sign: _Sign, near: str) -> bool:
        if any(other.search(near) is None for other in sign.others):
            return False
        return not (sign.unless_calm and self.calm.search(near) is not None)


@lru_cache(maxsize=_ASKED_AGAIN)
def grave_in(text: str) -> bool:
    """Whether a text tells of harm, a threat, harassment, water or fire, a barrier, or the law."""
    plain = _plain(text[:_MOST])
    if _alarms(_SPACED, _AROUND).ring(plain):
        return True
    return _HAN.search(plain) is not None and _alarms(_UNSPACED, _AROUND_UNSPACED).ring(plain)


@cache
def _alarms(languages: tuple[str, ...], around: int) -> _Alarms:
    lines = [line for language in languages for line in _lines(language)]
    calm = [line.removeprefix("~ ") for line in lines if line.startswith("~ ")]
    signs = [line for line in lines if line.startswith("? ") or " & " in line]
    said = [line for line in lines if line not in signs and not line.startswith("~ ")]
    opening = "|".join(line.removeprefix("? ").split(" & ")[0] for line in signs)
    return _Alarms(_any(said), openings(_gaps_in(opening)), _by_beginning(map(_sign, signs)), _any(calm), around)


def _lines(language: str) -> list[str]:
    text = (files("mailbot.writing") / "alarms" / f"{language}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _sign(line: str) -> _Sign:
    words, *others = line.removeprefix("? ").split(" & ")
    near = tuple(_any([other]) for other in others)
    return _Sign(_any([words]), beginnings(_gaps_in(words)), near, line.startswith("? "))


def _by_beginning(signs: Iterable[_Sign]) -> Mapping[str, tuple[_Sign, ...]]:
    found: dict[str, tuple[_Sign, ...]] = {}
    for sign in signs:
        for letters in sign.beginnings:
            found[letters] = (*found.get(letters, ()), sign)
    return found


def _any(patterns: list[str]) -> Words:
    return lexicon(_gaps_in("|".join(patterns)))


def _gaps_in(pattern: str) -> str:
    return pattern.replace("{near}", _NEAR).replace("{nearer}", _NEARER).replace("{far}", _FAR)


def _plain(text: str) -> str:
    """Small letters without accents, a line a paragraph: mail is broken anywhere, and typed in haste."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return "\n".join(" ".join(paragraph.split()) for paragraph in text.casefold().split("\n\n"))
