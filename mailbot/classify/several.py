"""Two requests in one message: where it falls into two parts, each of them clearly for another department.

Owns where a message may be cut and when a cut counts. Pure; is told what parts sound like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mailbot.classify.features import Doubles
from mailbot.classify.text import Tokens

CLEARLY = 0.75
"""The chance that either part needs. Of single questions one in thirty falls apart at that, of two put together one in
five is seen; among real ones that need two departments, two in five."""
DIVIDED = 0.02
"""The chance of the second department below which a message is not looked at."""
SHORTEST = 4
"""Tokens of a sentence that stands for itself; shorter ones belong to the one before."""
MOST_CUTS = 12
"""Of a long message, the first are tried."""

_END = re.compile("[.!?;]+[\"\u201d\u2019')]*\\s+|\n+|[\u3002\uff01\uff1f]")


@dataclass(frozen=True, slots=True)
class Cut:
    """The columns of the departments of either part, the chance of the less certain one, and the first token of the
    second.
    """

    first: int
    second: int
    chance: float
    at: int


def cuts(tokens: Tokens) -> list[int]:
    """The tokens before which a text may be cut in two: at the ends of sentences."""
    ends = iter([match.end() for match in _END.finditer(tokens.text)])
    end, begun, found = next(ends, None), 0, list[int]()
    for i, start in enumerate(tokens.starts):
        if end is None:
            break
        if start < end:
            continue
        if i - begun >= SHORTEST:
            found.append(i)
            begun = i
        while end is not None and end <= start:
            end = next(ends, None)
    return [at for at in found if len(tokens.forms) - at >= SHORTEST][:MOST_CUTS]


def best_cuts(tried: Sequence[tuple[int, int]], chances: Doubles, nobody: int | None) -> dict[int, Cut]:
    """Where texts fall into two requests, by the number of the text. ``tried`` are text and token of each cut that was
    tried, ``chances`` those of the first and of the second part (2 by cuts by departments); ``nobody`` is the column
    of no department.
    """
    best: dict[int, Cut] = {}
    columns, shares = chances.argmax(axis=2), chances.max(axis=2).min(axis=0)
    for (i, at), first, second, share in zip(tried, *columns.tolist(), shares.tolist(), strict=True):
        enough = best[i].chance if i in best else CLEARLY
        if first != second and nobody not in (first, second) and share > enough:
            best[i] = Cut(first, second, share, at)
    return best


def divided(chances: Doubles) -> list[bool]:
    """Of texts by departments: whether a second department has a chance at all."""
    if chances.shape[1] < 2:
        return [False] * len(chances)
    found: list[bool] = (np.partition(chances, -2, axis=1)[:, -2] >= DIVIDED).tolist()
    return found
