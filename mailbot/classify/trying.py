"""What a guess rests on, tried: the words said to make the difference are taken away, messages are cut in two.

Owns what is tried of a batch and what follows from it, in one go: the pieces are heard as a batch of their own. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mailbot.classify.examples import NOBODY
from mailbot.classify.features import Doubles, Floats, Longs, Pieces
from mailbot.classify.pooled import Heard, Pooled
from mailbot.classify.reasons import Phrase, telling_phrases
from mailbot.classify.several import Cut, best_cuts, cuts, divided
from mailbot.classify.text import Tokens, spelt

Meaning = Callable[[Sequence[str]], Floats]
"""Vectors of texts by the encoder, one for each text of the batch, NaN where it has none."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The words of a text that do speak for the best department, and those against it; where it falls into two."""

    words: tuple[str, ...]
    against: tuple[str, ...]
    cut: Cut | None


def try_out(
    pooled: Pooled, texts: Sequence[Tokens], heard: Heard, best: Longs, rival: Longs, meaning: Meaning | None
) -> list[Tried]:
    """What comes of it, for each text; ``best`` and ``rival`` are the columns of the departments compared.

    Words are named only where the odds move as they say when they are gone; those against the best department, where
    another has a chance at all. The encoder, which is slow, is asked once more for the words that speak for it, and
    not for those against, nor for parts.
    """
    number, first = len(texts), heard.first_token.tolist()
    pulls = pooled.pulls(heard, best, rival)
    own = [pulls[at : at + len(text.forms)] for at, text in zip(first, texts, strict=True)]
    speaking, opposing = (
        [telling_phrases(text, (sign * pull).tolist()) for text, pull in zip(texts, own, strict=True)]
        for sign in (1.0, -1.0)
    )
    torn = divided(heard.chances)
    tried = [(i, at) for i in np.flatnonzero(torn).tolist() for at in cuts(texts[i])]
    against = [i for i in range(number) if torn[i] and opposing[i]]
    left = [_without(len(text.forms), gone) for text, gone in zip(texts, speaking, strict=True)]
    groups = (
        [first[i] + kept for i, kept in enumerate(left)],
        [first[i] + _without(len(texts[i].forms), opposing[i]) for i in against],
        [np.arange(first[i], first[i] + at) for i, at in tried],
        [np.arange(first[i] + at, first[i] + len(texts[i].forms)) for i, at in tried],
    )
    pieces = [piece for group in groups for piece in group]
    vectors = None
    if meaning is not None:
        vectors = _padded(meaning([spelt(text, kept) for text, kept in zip(texts, left, strict=True)]), len(pieces))
    chances = pooled.again(heard, Pieces.of(pieces), vectors)
    without, without_opposing, *parts = np.split(chances, np.cumsum([len(group) for group in groups])[:-1])
    less = _odds(without, best, rival) < _odds(heard.chances, best, rival)
    opposed = (best[against], rival[against])
    more = _odds(without_opposing, *opposed) > _odds(heard.by_words[against], *opposed)
    speaks = {i for i, true in enumerate(less.tolist()) if true}
    opposes = {i for i, true in zip(against, more.tolist(), strict=True) if true}
    nobody = pooled.keys.index(NOBODY) if NOBODY in pooled.keys else None
    cut = best_cuts(tried, np.array(parts), nobody)
    return [
        Tried(
            tuple(phrase.text for phrase in speaking[i] if i in speaks),
            tuple(phrase.text for phrase in opposing[i] if i in opposes),
            cut.get(i),
        )
        for i in range(number)
    ]


def _without(tokens: int, phrases: Sequence[Phrase]) -> Longs:
    """The numbers of the tokens of a text that stand in none of the phrases."""
    kept = np.ones(tokens, bool)
    for phrase in phrases:
        kept[phrase.first : phrase.end] = False
    return np.flatnonzero(kept)


def _odds(chances: Doubles, best: Longs, rival: Longs) -> Doubles:
    rows = np.arange(len(chances))
    odds: Doubles = chances[rows, best] / chances[rows, rival]
    return odds


def _padded(vectors: Floats, rows: int) -> Floats:
    """As many rows: NaN for pieces that the encoder is not asked about."""
    return np.pad(vectors, ((0, rows - len(vectors)), (0, 0)), constant_values=np.nan)
