"""Many phrases as one pattern that is tried only where a word begins.

A large alternation costs what it costs at each character; at word starts alone it is several times cheaper, and again
where the phrases are sorted by their first letters. Scripts that put no blanks between words (and patterns that begin
with a mark) are tried everywhere. Which phrase is found first may differ from ``a|b|c``; whether one is does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import takewhile

_FIRST_UNSPACED = "\u0590"
_QUANTIFIERS = "?*+{"
_GROUP = "(?:"
_BEHIND = ("(?<!", "(?<=")
_BOUNDARY = r"\b"
LETTERS = 3  # deep: more makes nothing faster


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


def openings(alternatives: str) -> Words:
    """Where phrases of ``a|b|c`` begin, one within another too: what is found is empty."""
    return Words(alternatives, 0, _opening_in)


def late(pattern: str, flags: int = 0) -> Words:
    """A large pattern as it stands."""
    return Words(pattern, flags, str)


def _sorted_in(alternatives: str) -> str:
    """The pattern that ``a|b|c`` becomes."""
    anywhere: list[str] = []
    at_words: list[str] = []
    for whole in split(alternatives):
        starts = _starts_a_word(whole.removeprefix(_BOUNDARY))
        for alternative in _opened(whole.removeprefix(_BOUNDARY) if starts else whole):
            (at_words if starts and _starts_a_word(alternative) else anywhere).append(alternative)
    parts = [rf"\b(?:{_by_letters(at_words, LETTERS)})"] if at_words else []
    return "|".join([*parts, _by_letters(anywhere, LETTERS)] if anywhere else parts)


def _opening_in(alternatives: str) -> str:
    first = {letters[:1] for letters in beginnings(alternatives)}
    begins = "" if "" in first else f"(?=[{''.join(sorted(first))}])"
    return f"{begins}(?={_sorted_in(alternatives)})"


def _by_letters(alternatives: list[str], depth: int) -> str:
    """``a|b|c`` with what begins alike put together, as many letters deep."""
    alike: dict[str, list[str]] = {}
    mixed: list[str] = []
    for one in alternatives:
        if depth and one[1:] and one[0].isalpha() and one[1] not in _QUANTIFIERS:
            alike.setdefault(one[0], []).append(one[1:])
        else:
            mixed.append(one)
    sorted_in = [f"{letter}(?:{_by_letters(rest, depth - 1)})" for letter, rest in alike.items()]
    return "|".join(sorted_in + mixed)


def beginnings(alternatives: str) -> frozenset[str]:
    """The first letters, three at most, of what each phrase of ``a|b|c`` finds; "" where any sign may be the first."""
    opened = [one for whole in split(alternatives) for one in _opened(whole.removeprefix(_BOUNDARY))]
    return frozenset(_literal(one)[:LETTERS] for one in opened)


def _literal(pattern: str) -> str:
    """What a pattern begins with, as far as that stands for itself; what must stand before it is no part of it."""
    while pattern.startswith(_BEHIND):
        pattern = pattern[_closing(pattern) + 1 :]
    letters = "".join(takewhile(str.isalnum, pattern))
    return letters[:-1] if pattern[len(letters) :].startswith(tuple(_QUANTIFIERS)) else letters


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
    """``(?:we|i) have`` as ``we have`` and ``i have``, ``(?:we )?have`` as ``have`` and ``we have``; anything else as
    it is. What stands behind a look at what is before is opened in the same way.
    """
    end = _closing(alternative)
    rest = alternative[end + 1 :]
    if alternative.startswith(_BEHIND):
        return [alternative[: end + 1] + one for one in _opened(rest)]
    if not alternative.startswith(_GROUP):
        return [alternative]
    if rest.startswith("?") and not rest.startswith(("??", "?+")):
        return [*_opened(rest[1:]), *_opened(alternative[: end + 1] + rest[1:])]
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
