"""How long departments took to answer, as the store has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailbot.pace import FEWEST, Answer
from mailbot.pacing import Pacing
from mailbot.settings import Promises, Settings, load
from mailbot.store import Store
from tests.store.test_store import NOW, case, store, url  # noqa: F401 - fixtures
from tests.writing.scenes import ROOT


def told(store: Store, ref: str, *events: tuple[str, str, float]) -> None:  # noqa: F811 - the fixture's value
    """A case with these events: what, which department, how many hours after the first."""
    with store.writing() as session:
        number = session.open_case(case(ref), NOW)
        for event, department, hours in events:
            session.tell(number, event, None, department, "", NOW + timedelta(hours=hours))


def times(store: Store, since: datetime = NOW) -> list[Answer]:  # noqa: F811
    with store.reading() as session:
        return session.answer_times(since)


def test_an_answer_counts_from_when_the_department_got_the_case(store: Store) -> None:  # noqa: F811
    told(store, "a", ("routed", "reference", 0), ("corrected", "digital", 5), ("answered", "digital", 7))
    assert times(store) == [Answer("digital", NOW + timedelta(hours=5), NOW + timedelta(hours=7))]


def test_only_the_first_answer_to_a_case_counts(store: Store) -> None:  # noqa: F811
    told(store, "a", ("unsure", "reference", 0), ("added", "reference", 1), ("answered", "reference", 2))
    told(store, "b", ("routed", "digital", 0), ("answered", "digital", 3), ("answered", "digital", 9))
    assert [one.at - one.began for one in times(store)] == [timedelta(hours=2), timedelta(hours=3)]


def test_what_was_never_answered_or_long_ago_does_not_count(store: Store) -> None:  # noqa: F811
    told(store, "a", ("routed", "reference", 0), ("late", "reference", 30))
    told(store, "b", ("routed", "digital", 0), ("answered", "digital", 3))
    assert times(store, NOW + timedelta(hours=4)) == []


def test_who_answered_is_who_helped_or_did_not_whoever_has_the_case_since(store: Store) -> None:  # noqa: F811
    told(store, "a", ("answered", "circulation", 0), ("corrected", "digital", 1), ("unsatisfied", "digital", 2))
    told(store, "b", ("answered", "reference", 0), ("answered", "digital", 1), ("satisfied", "digital", 2))
    with store.reading() as session:
        said = session.verdicts()
    assert [(one.department, one.helped) for one in said] == [("circulation", False), ("digital", True)]


@pytest.mark.parametrize("wanted", [True, False])
def test_promises_follow_the_figures_only_where_the_config_asks_for_it(store: Store, wanted: bool) -> None:  # noqa: F811
    for number in range(FEWEST):
        told(store, f"case-{number}", ("routed", "digital", 0), ("answered", "digital", 1))
    settings = with_figures(load(ROOT / "config", {}), wanted=wanted)
    library = Pacing(settings, store).library(NOW + timedelta(days=1))
    assert (library.department("digital").usually == timedelta(hours=1)) is wanted


def with_figures(settings: Settings, *, wanted: bool) -> Settings:
    return replace(settings, folder=Path(), promises=Promises(from_figures=wanted))
