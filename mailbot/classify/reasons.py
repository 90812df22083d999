"""From what each word contributed to words and lines that people can check.

Owns which of a patron's words are named, and the sentences in which reasons are put to librarians. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from mailbot.classify.text import Tokens, is_mask

MOST_PHRASES = 4
LONGEST_PHRASE = 4
"""Words; a reason is a hint where to look, not a quotation of the whole message."""
LONGEST_EXCERPT = 12
"""Words."""
SMALLEST_PART = 0.08
"""Of all that spoke for a department; less is not worth naming."""


@cache
def function_words() -> frozenset[str]:
    """Words (as forms) that never say by themselves what a question is about: en, es, fr, de, zh."""
    return frozenset(files("mailbot.classify").joinpath("function-words.txt").read_text("utf-8").split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of the message as it stands there, how much it spoke for a department, and its tokens: from ``first`` to
    before ``end``.
    """

    text: str
    pull: float
    first: int
    end: int


def telling_phrases(tokens: Tokens, pulls: Sequence[float]) -> tuple[Phrase, ...]:
    """The pieces of a message that spoke most for a department, strongest first; ``pulls`` is one a token.

    A word named is extended by its neighbours while they speak the same way; no word is named twice.
    """
    total = sum(pull for pull in pulls if pull > 0)
    found: list[Phrase] = []
    taken: set[int] = set()
    forms: set[str] = set()
    strong = [i for i, pull in enumerate(pulls) if pull > SMALLEST_PART * total / 2]
    for i in sorted(strong, key=lambda i: -pulls[i]):
        if len(found) == MOST_PHRASES:
            break
        if i in taken or _says_nothing(tokens.forms[i]) or tokens.forms[i] in forms:
            continue
        first, last = _extend(tokens, pulls, i, taken)
        pull = sum(pulls[first : last + 1])
        taken.update(range(first, last + 1))
        forms.update(tokens.forms[first : last + 1])
        if pull >= SMALLEST_PART * total:
            found.append(Phrase(tokens.text[tokens.starts[first] : tokens.ends[last]], pull, first, last + 1))
    return tuple(sorted(found, key=lambda phrase: -phrase.pull))


def _extend(tokens: Tokens, pulls: Sequence[float], i: int, taken: set[int]) -> tuple[int, int]:
    """The span around token i whose words pull at least a third as hard, without function words at its ends."""

    def goes_on(at: int, gap: int, length: int) -> bool:
        free = 0 <= at < len(pulls) and at not in taken and length < LONGEST_PHRASE and not is_mask(tokens.forms[at])
        return free and pulls[at] >= pulls[i] / 3 and _joined(tokens, gap)

    first = last = i
    while goes_on(first - 1, first - 1, last - first + 1):
        first -= 1
    while goes_on(last + 1, last, last - first + 1):
        last += 1
    while first < i and _says_nothing(tokens.forms[first]):
        first += 1
    while last > i and _says_nothing(tokens.forms[last]):
        last -= 1
    return first, last


def _says_nothing(form: str) -> bool:
    """Whether a word is no reason by itself: one that serves others, a number, somebody's address."""
    return form in function_words() or is_mask(form)


def _joined(tokens: Tokens, i: int) -> bool:
    """Whether nothing but a space or a hyphen stands between token i and the next one."""
    return tokens.text[tokens.ends[i] : tokens.starts[i + 1]] in ("", " ", "-")


def quoted(words: Iterable[str]) -> str:
    """Words in quotation marks, with commas."""
    return ", ".join(f"\u201c{word}\u201d" for word in words)


def rule_line(matched: str, name: str) -> str:
    """Why, where a rule of the config decided."""
    return f"{matched} belongs to {name}: the library's own rule for this address decides."


def words_line(words: Sequence[str], name: str) -> str:
    """Why, where the patron's words decided."""
    return f"{quoted(words)} {'speaks' if len(words) == 1 else 'speak'} for {name}."


def against_line(words: Sequence[str], name: str) -> str:
    """What spoke for somebody else."""
    return f"{quoted(words)} would rather speak for {name}."


def topic_line(topic: str) -> str:
    """What sort of question it is, going by what people write to libraries."""
    return f"Reads like a question about: {topic}."


def hint_line(names: Sequence[str]) -> str:
    """Whom the colleague named who passed it on."""
    return f"The colleague who passed it on named {', '.join(names)}."


def far_line() -> str:
    """Why it is nobody's, where nothing was learned of what is nobody's."""
    return "It has nothing in common with the messages this was learned from."


def also_line(words: str, name: str) -> str:
    """A second request, and whose it may be."""
    return f"A second request in it, {quoted([words])}, reads like one for {name}."


def excerpt(tokens: Tokens) -> str:
    """The beginning of a part of a message, as it stands there."""
    last = min(len(tokens.forms), LONGEST_EXCERPT) - 1
    line = " ".join(tokens.text[tokens.starts[0] : tokens.ends[last]].split())
    return line if last == len(tokens.forms) - 1 else f"{line} \u2026"
