"""Messages that must not wait: somebody is in danger, threatened or harassed, there is water or fire in the house, a
way in is barred, a law is invoked.

Owns how they are known; the words are in ``alarms``, a file a language, a pattern a line, in small letters without
accents. ``{near}`` and ``{nearer}`` stand for what may lie between two words of a sentence, ``{far}`` between two words
of neighbouring sentences. Every language is looked for in every text: a short cry is often taken for another language,
and a mark too many costs a second pair of eyes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from mailbot.mail.lexicon import Words, lexicon

_MOST = 6000  # characters: what stands further down is rarely what is wrong
_NEAR, _NEARER, _FAR = r"[^.?!\n]{0,80}", r"[^.?!\n]{0,40}", r"[^\n]{0,160}"
_HAN = re.compile(r"[\u4e00-\u9fff]")


def grave_in(text: str) -> bool:
    """Whether a text tells of harm, a threat, harassment, water or fire, a barrier, or the law."""
    plain = _plain(text[:_MOST])
    if _words("en", "es", "fr", "de").search(plain) is not None:
        return True
    return _HAN.search(plain) is not None and _words("zh").search(plain) is not None


@cache
def _words(*languages: str) -> Words:
    patterns = [
        line.replace("{near}", _NEAR).replace("{nearer}", _NEARER).replace("{far}", _FAR)
        for language in languages
        for line in (files("mailbot.writing") / "alarms" / f"{language}.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return lexicon("|".join(patterns))


def _plain(text: str) -> str:
    """Small letters without accents, a line a paragraph: mail is broken anywhere, and typed in haste."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return "\n".join(" ".join(paragraph.split()) for paragraph in text.casefold().split("\n\n"))
