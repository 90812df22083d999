"""Many phrases as one pattern that is tried only where a word begins.

A large alternation costs what it costs at each character; at word starts alone it is several times cheaper, and again
where the phrases are sorted by their first letter. Scripts that put no blanks between words (and patterns that begin
with a mark) are tried everywhere. Which phrase is found first may differ from ``a|b|c``; whether one is does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

_FIRST_UNSPACED = "\u0590"
_QUANTIFIERS = "?*+{"
_GROUP = "(?:"
_BOUNDARY = r"\b"


class Words:
    """A large pattern that is compiled when it is first used: whoever only asks for help does not wait for it."""

    def __init__(self, pattern: str, flags: int, build: Callable[[str], str]) -> None:
        self._pattern = pattern
        self._flags = flags
        self._build = build

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._build(self._pattern), self._flags)

    def search(self, text: str) -> re.Match[str] | None:
        """As ``re.Pattern.search``."""
        return self._compiled.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """As ``re.Pattern.match``."""
        return self._compiled.match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As ``re.Pattern.finditer``."""
        return self._compiled.finditer(text)


def lexicon(alternatives: str, flags: int = 0) -> Words:
    """The phrases of ``a|b|c``; the text must be in lower case if they are."""
    return Words(alternatives, flags, _sorted_in)


def late(pattern: str, flags: int = 0) -> Words:
    """A large pattern as it stands."""
    return Words(pattern, flags, str)


def _sorted_in(alternatives: str) -> str:
    """The pattern that ``a|b|c`` becomes."""
    anywhere: list[str] = []
    at_words: list[str] = []
    mixed: list[str] = []
    by_letter: dict[str, list[str]] = {}
    for whole in split(alternatives):
        if not _starts_a_word(whole.removeprefix(_BOUNDARY)):
            anywhere.append(whole)
            continue
        for alternative in _opened(whole.removeprefix(_BOUNDARY)):
            (anywhere if not _starts_a_word(alternative) else at_words).append(alternative)
    for alternative in at_words:
        first = alternative[0]
        if first.isalpha() and alternative[1:2] not in _QUANTIFIERS:
            by_letter.setdefault(first, []).append(alternative[1:])
        else:
            mixed.append(alternative)
    sorted_in = [f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()] + mixed
    parts = [rf"\b(?:{'|'.join(sorted_in)})"] if sorted_in else []
    return "|".join(parts + anywhere)


def split(alternatives: str) -> list[str]:
    """The alternatives of the outermost level."""
    found: list[str] = []
    start = 0
    for at, character, depth in _structure(alternatives):
        if character == "|" and depth == 0:
            found.append(alternatives[start:at])
            start = at + 1
    found.append(alternatives[start:])
    return [alternative for alternative in found if alternative]


def _structure(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Where ``(``, ``)`` and ``|`` stand for what they do, and how many groups are open after each."""
    depth = 0
    in_class = escaped = False
    for at, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character in "()|":
            depth += {"(": 1, ")": -1, "|": 0}[character]
            yield at, character, depth


def _opened(alternative: str) -> list[str]:
    """``(?:we|i) have`` as ``we have`` and ``i have``; anything else as it is."""
    if not alternative.startswith(_GROUP):
        return [alternative]
    end = _closing(alternative)
    rest = alternative[end + 1 :]
    inside = alternative[len(_GROUP) : end]
    may_be_empty = inside.startswith("|") or inside.endswith("|") or "||" in inside
    if may_be_empty or rest.startswith(tuple(_QUANTIFIERS)):
        return [alternative]
    return [one for inner in split(inside) for one in _opened(inner + rest)]


def _closing(alternative: str) -> int:
    """Where the group that opens the alternative is closed."""
    ends = (at for at, character, depth in _structure(alternative) if character == ")" and depth == 0)
    return next(ends, len(alternative))


def _starts_a_word(alternative: str) -> bool:
    first = alternative.lstrip(_GROUP)
    return first[:1].isalpha() and first[0] < _FIRST_UNSPACED
