"""The words that letters repeat, judged one by one on the half of the sample mails that was kept aside.

The rubric stands in docs/benchmarks.md. Whoever changes what is repeated judges the changed ones anew, by reading them.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

from mailbot.writing import delicate, request_of
from tests.writing.halves import half
from tests.writing.scenes import ROOT, riverbend


class Verdict(NamedTuple):
    """What was judged, and how; ``why`` is the reason of a miss."""

    words: str
    right: bool
    why: str


@cache
def judged() -> dict[str, Verdict]:
    lines = (ROOT / "tests/riverbend/judged-words.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: Verdict(row["words"], row["right"], row["why"]) for row in map(json.loads, lines)}


def test_the_halves_are_about_equal_and_share_nothing() -> None:
    one, other = ({mail.sample.id for mail in half(aside=aside)} for aside in (True, False))
    assert not one & other
    assert 0.8 < len(one) / len(other) < 1.25


def test_what_letters_repeat_is_what_was_judged() -> None:
    said = {mail.sample.id: request_of(mail.read, riverbend()) for mail in half(aside=True) if not delicate(mail.read)}
    assert said == {name: verdict.words for name, verdict in judged().items()}


def test_what_letters_repeat_is_the_request_in_85_of_100() -> None:
    assert sum(verdict.right for verdict in judged().values()) >= 0.85 * len(judged())


def test_at_most_one_letter_in_ten_repeats_nothing() -> None:
    assert sum(not verdict.words for verdict in judged().values()) <= 0.1 * len(judged())


def test_every_miss_has_its_reason() -> None:
    assert all(bool(verdict.why) is not verdict.right for verdict in judged().values())
    assert all(verdict.words or not verdict.right for verdict in judged().values())
