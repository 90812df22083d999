"""Offers and questions in libraries that nobody tuned for, judged one by one; the rubric is in docs/benchmarks.md."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from mailbot.classify import fit, load_topics
from tests.libraries import HERE
from tests.libraries.advice import DEVELOPED_ON, KEPT_ASIDE, advised_library, given, judged, mails


@cache
def advice(name: str, models: Path) -> frozenset[tuple[str, str]]:
    library = advised_library(name)
    classifier = fit(library.departments, topics=load_topics(models))
    return frozenset((one.id, one.advice) for one in given(library, mails(name), classifier))


@pytest.mark.parametrize("name", [*DEVELOPED_ON, *KEPT_ASIDE])
def test_what_letters_offer_and_ask_is_what_was_judged(name: str, models: Path) -> None:
    assert advice(name, models) <= judged(HERE / name / "judged-advice.jsonl").keys()


@pytest.mark.parametrize(("names", "share"), [(DEVELOPED_ON, 0.8), (KEPT_ASIDE, 0.5)])
def test_what_fits_is_no_less_than_was_measured(names: tuple[str, ...], share: float, models: Path) -> None:
    verdicts = [judged(HERE / name / "judged-advice.jsonl")[one] for name in names for one in advice(name, models)]
    assert sum(verdicts) >= share * len(verdicts)
