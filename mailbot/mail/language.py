"""The language of a text, as far as it can be told."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# What a public library's patrons write in. The fewer can be guessed, the fewer short texts are guessed wrong.
LANGUAGES = (
    "en", "es", "fr", "zh", "de", "it", "pt", "nl", "pl", "ru", "ja", "ko", "vi", "ar", "uk", "cs", "sv", "da", "fi",
    "hu", "tr", "ro", "el", "hi", "fa", "he", "no", "hr", "sk", "bg", "ca", "tl", "sw", "ht", "id", "th", "bn", "ur",
    "am",
)  # fmt: skip
_SAMPLE = 200
_SURE = 0.6
_NOISE = re.compile(r"\S*(?://|@|www\.)\S*|[\d_<>*|#]+")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)  # fmt: skip

# The commonest words of the commonest languages settle most mails; the model is for the rest.
_COMMON = {
    word: code
    for code, words in (
        (
            "en",
            "the and is to you of that it my have for with this are was what i we your would from they not at be there",
        ),
        ("es", "el los las una por para con está mi su y es en qué cómo quisiera tengo hay muchas gracias del al lo"),
        ("fr", "le les des est je vous une pour dans avec mon ma et du que sur votre nous bonjour merci ce"),
        ("de", "der die das und ich ist nicht ein eine zu mit für sie wir auf haben wie bitte meine den"),
    )
    for word in words.split()
}
_ENOUGH = 4
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """An ISO 639-1 code, or "" where the text is too short or too strange to tell."""
    sample = _NOISE.sub(" ", text[: 2 * _SAMPLE]).strip()[:_SAMPLE]
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if letters < 2:
        return ""
    for code, script in () if sample.isascii() else _SCRIPTS:
        if len(script.findall(sample)) * 3 > letters:
            return code
    votes = Counter(_COMMON[word] for word in words if word in _COMMON).most_common(2)
    if votes and votes[0][1] >= _ENOUGH and (len(votes) == 1 or votes[0][1] >= 4 * votes[1][1]):
        return votes[0][0]
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= _SURE and letters >= 6 else ""


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """The model, read once and only when a text is to be judged: it takes a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    full = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    full.set_languages(list(LANGUAGES))
    # Without the columns of a hundred languages that no letter is about: they are most of its memory.
    return LanguageIdentifier(
        full.nb_ptc, full.nb_pc, full.nb_classes, full.tk_nextmove, full.tk_output, norm_probs=True, tk_row=full.tk_row
    )
