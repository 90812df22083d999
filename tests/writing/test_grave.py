"""What must not wait, in messages that the patterns were not made for: one half kept aside, and hints of all kinds.

``grave.jsonl`` was written before anybody looked at the patterns, ``grave-hinted.jsonl`` after they had been widened
once, ``grave-learned-*.jsonl`` by people who had not read them. All of the last have been worked on by now, by families
of situations; every fourth of each kind and language was at first only counted. ``grave-unseen.jsonl`` was written by
others still, and never read by anybody who works on the patterns, only counted.
The floors are what was measured (docs/benchmarks.md): they keep it from getting worse, and claim nothing more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from mailbot.writing.alarm import grave_in

FOLDER = Path(__file__).parent
CALM = "none"
LANGUAGES = ("en", "es", "fr", "de", "zh")


@dataclass(frozen=True, slots=True)
class Told:
    """One message: ``kind`` is what makes it grave, ``CALM`` where it only sounds so."""

    id: str
    language: str
    kind: str
    subject: str
    text: str
    outright: bool = True

    @property
    def kept_aside(self) -> bool:
        """Whether it belongs to the half that the patterns may not be made on."""
        return sha256(self.id.encode()).digest()[0] % 2 == 1

    @property
    def set_aside(self) -> bool:
        """Whether it belongs to the quarter of the learned ones that was only counted."""
        return int(self.id.rsplit("-", 1)[1]) % 4 == 0

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
    assert seen >= 17
    assert wrong <= 1


def learned(*, aside: bool) -> list[Told]:
    every = [one for language in LANGUAGES for one in told(f"grave-learned-{language}.jsonl")]
    return [one for one in every if one.set_aside is aside]


def said_outright(messages: list[Told]) -> list[Told]:
    return [one for one in messages if one.kind != CALM and one.outright]


def hinted(messages: list[Told]) -> list[Told]:
    return [one for one in messages if one.kind != CALM and not one.outright]


def calm(messages: list[Told]) -> list[Told]:
    return [one for one in messages if one.kind == CALM]


def test_of_what_was_learned_each_language_has_enough_of_each_kind() -> None:
    messages = learned(aside=False) + learned(aside=True)
    assert Counter(one.language for one in messages) == {"en": 540, "es": 300, "fr": 300, "de": 300, "zh": 300}
    assert len({one.id for one in messages}) == len(messages)


@pytest.mark.parametrize(
    ("aside", "outright", "hints"), [(False, (265, 267), (377, 393)), (True, (83, 84), (116, 126))]
)
def test_what_was_learned_is_seen_as_when_measured(
    aside: bool, outright: tuple[int, int], hints: tuple[int, int]
) -> None:
    for messages, (floor, all_of_them) in (
        (said_outright(learned(aside=aside)), outright),
        (hinted(learned(aside=aside)), hints),
    ):
        grave, seen, _, _ = figures(messages)
        assert grave == all_of_them
        assert seen >= floor


@pytest.mark.parametrize(("aside", "most", "all_of_them"), [(False, 59, 655), (True, 24, 215)])
def test_calm_ones_are_marked_no_more_than_when_measured(aside: bool, most: int, all_of_them: int) -> None:
    _, _, some, wrong = figures(calm(learned(aside=aside)))
    assert some == all_of_them
    assert wrong <= most


def test_what_was_never_looked_at_is_seen_as_when_measured() -> None:
    messages = list(told("grave-unseen.jsonl"))
    assert Counter(one.language for one in messages) == {"en": 168, "es": 72, "fr": 72, "de": 72, "zh": 72}
    assert figures(said_outright(messages))[:2] >= (114, 103)
    assert figures(hinted(messages))[:2] >= (114, 52)
    assert figures(calm(messages))[3] <= 53
