"""The words that letters repeat in two libraries that nobody tuned for, judged one by one; see docs/benchmarks.md."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

import pytest

from mailbot.mail import Kind
from mailbot.writing import delicate, request_of
from tests.libraries import HERE
from tests.libraries.advice import Mail, advised_library, mails

JUDGED = ("harcourt", "northgate")
FIRST = 60


class Verdict(NamedTuple):
    """What was judged, and how; ``why`` is the reason of a miss."""

    words: str
    right: bool
    why: str


def looked_at(name: str) -> list[Mail]:
    """The first mails by the SHA-256 of their ids, but those that are delicate or ask for nothing."""
    first = sorted(mails(name), key=lambda mail: hashlib.sha256(mail.id.encode()).digest())[:FIRST]
    return [mail for mail in first if mail.read.kind is Kind.INQUIRY and not delicate(mail.read)]


def judged(name: str) -> dict[str, Verdict]:
    rows = map(json.loads, (HERE / name / "judged-words.jsonl").read_text("utf-8").splitlines())
    return {row["id"]: Verdict(row["words"], row["right"], row["why"]) for row in rows}


@pytest.mark.parametrize("name", JUDGED)
def test_what_letters_repeat_is_what_was_judged(name: str) -> None:
    said = {mail.id: request_of(mail.read, advised_library(name)) for mail in looked_at(name)}
    assert said == {key: verdict.words for key, verdict in judged(name).items()}


def test_what_letters_repeat_is_the_request_in_four_of_five() -> None:
    verdicts = [verdict for name in JUDGED for verdict in judged(name).values()]
    assert sum(verdict.right for verdict in verdicts) >= 0.8 * len(verdicts)


def test_every_miss_has_its_reason() -> None:
    verdicts = [verdict for name in JUDGED for verdict in judged(name).values()]
    assert all(bool(verdict.why) is not verdict.right for verdict in verdicts)
    assert all(verdict.words or not verdict.right for verdict in verdicts)
