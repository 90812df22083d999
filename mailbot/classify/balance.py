"""Labels that disagree, and labels that are too many of one kind.

Owns that one sender, one day or one text copied over and over can't swamp what everybody else taught. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailbot.classify.examples import Example

SENDERS_FILL = 10.0
DAYS_FILL = 40.0
"""What all the labels of one sender, or of one department on one day, count together at most."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One and the same text, labelled for several departments, by how often."""

    text: str
    departments: tuple[tuple[str, int], ...]


_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
MOST_LABELS = 20_000
"""More teach a linear model little, and would take minutes and gigabytes; the newest of each department are taken."""


def fair(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The examples, each text once a label (the newest), with the weights of swarms cut down to what one may count; of
    very many the newest, of no department more than it takes to leave the others theirs.
    """
    single = _fewer(_newest(examples), MOST_LABELS)
    by_sender = _capped(single, lambda e: e.sender or None, SENDERS_FILL)
    return _capped(by_sender, lambda e: e.at and (e.at.date(), e.department), DAYS_FILL)


def contradictions(examples: Iterable[Example]) -> tuple[Contradiction, ...]:
    """Texts that people gave to several departments, in order of appearance."""
    found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for example in examples:
        if example.own:
            found[_text(example)][example.department] += 1
    return tuple(
        Contradiction(text, tuple(sorted(counts.items(), key=lambda item: -item[1])))
        for text, counts in found.items()
        if len(counts) > 1
    )


def _newest(examples: Iterable[Example]) -> list[Example]:
    found: dict[Hashable, Example] = {}
    for example in examples:
        key = (_text(example), example.department)
        before = found.get(key)
        newer = before is None or (example.at is not None and (before.at is None or example.at >= before.at))
        if newer:
            found[key] = example
    return list(found.values())


def _fewer(examples: Sequence[Example], most: int) -> Sequence[Example]:
    """So many, give or take a few: the same number of each department, as far as it has them, the newest first."""
    if len(examples) <= most:
        return examples
    counts = Counter(example.department for example in examples)
    room, quota = most, 0
    for left, (_, count) in enumerate(sorted(counts.items(), key=lambda item: item[1])):
        quota = room // (len(counts) - left)
        room -= min(count, quota)
    newest = sorted(examples, key=lambda example: (example.at is not None, example.at or _LONG_AGO), reverse=True)
    taken: Counter[str] = Counter()
    found = []
    for example in newest:
        taken[example.department] += 1
        if taken[example.department] <= quota:
            found.append(example)
    return found


def _capped(
    examples: Sequence[Example], group: Callable[[Example], Hashable | None], most: float
) -> tuple[Example, ...]:
    """Weights scaled down where those of a group add up to more than ``most``; no group, no cap."""
    total: defaultdict[Hashable, float] = defaultdict(float)
    for example in examples:
        total[group(example)] += example.weight
    return tuple(
        example
        if (key := group(example)) is None or total[key] <= most
        else replace(example, weight=example.weight * most / total[key])
        for example in examples
    )


def _text(example: Example) -> str:
    return " ".join(f"{example.question.subject} {example.question.text}".lower().split())
