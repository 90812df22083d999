"""What must not wait, in messages that the patterns were not made for: one half kept aside, and hints of all kinds.

``grave.jsonl`` was written before anybody looked at the patterns, ``grave-hinted.jsonl`` after they were last changed.
The floors are what was measured (docs/benchmarks.md): they keep it from getting worse, and claim nothing more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mailbot.writing.alarm import grave_in

FOLDER = Path(__file__).parent
CALM = "none"


@dataclass(frozen=True, slots=True)
class Told:
    """One message: ``kind`` is what makes it grave, ``CALM`` where it only sounds so."""

    id: str
    language: str
    kind: str
    subject: str
    text: str

    @property
    def kept_aside(self) -> bool:
        """Whether it belongs to the half that the patterns may not be made on."""
        return sha256(self.id.encode()).digest()[0] % 2 == 1

    @property
    def marked(self) -> bool:
        return grave_in(f"{self.subject}\n{self.text}")


def told(name: str) -> Iterator[Told]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        yield Told(**json.loads(line))


def figures(messages: list[Told]) -> tuple[int, int, int, int]:
    """How many are grave, how many of these are marked; the same of the calm ones. By kind and language, printed."""
    grave, calm = [one for one in messages if one.kind != CALM], [one for one in messages if one.kind == CALM]
    for which in ("kind", "language"):
        every = Counter(getattr(one, which) for one in grave)
        seen = Counter(getattr(one, which) for one in grave if one.marked)
        print(", ".join(f"{name} {seen[name]} of {every[name]}" for name in sorted(every)))
    return len(grave), sum(one.marked for one in grave), len(calm), sum(one.marked for one in calm)


def test_there_are_enough_of_each() -> None:
    messages = list(told("grave.jsonl"))
    assert Counter(one.language for one in messages) == {"en": 60, "es": 20, "fr": 20, "de": 20}
    assert len({one.id for one in messages}) == len(messages)


def test_the_half_that_patterns_were_made_on_is_seen() -> None:
    grave, seen, calm, wrong = figures([one for one in told("grave.jsonl") if not one.kept_aside])
    assert seen >= 0.95 * grave
    assert wrong <= 0.1 * calm


def test_the_half_that_was_kept_aside_is_seen_as_it_was_when_measured() -> None:
    grave, seen, calm, wrong = figures([one for one in told("grave.jsonl") if one.kept_aside])
    assert (grave, calm) == (36, 24)
    assert seen >= 30
    assert wrong <= 1


def test_hints_are_mostly_missed_and_no_more_than_when_measured() -> None:
    grave, seen, calm, wrong = figures(list(told("grave-hinted.jsonl")))
    assert (grave, calm) == (29, 12)
    assert seen >= 3
    assert wrong <= 1
