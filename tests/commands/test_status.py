"""What `mailbot status` says of the guesses, and what happens where too many of them were wrong."""

from __future__ import annotations

import pytest

from mailbot.asking import NoGuess
from mailbot.classify.watching import FEWEST, Raise
from mailbot.worker import Worker
from tests.commands.conftest import MONDAY, Desk
from tests.faults.branch import ENVIRON, question
from tests.stories.letters import parsed, whole_text


def test_status_counts_guesses_by_week_and_department_and_what_came_of_them(desk: Desk) -> None:
    desk.run(question(1), question(2))
    desk.says("reroute", desk.refs()[0], "digital")
    said = desk.says("status")
    counts = ["2", "100%", "50%", "0%", "of", "1"]
    assert ["week", "of", "2027-03-08", *counts] in [line.split() for line in said.splitlines()]
    assert ["circulation", *counts] in [line.split() for line in said.splitlines()]


def test_status_says_nothing_of_guesses_before_there_are_any(desk: Desk) -> None:
    desk.run()
    assert "guesses" not in desk.says("status")


def test_status_says_until_when_each_mailbox_was_read(desk: Desk) -> None:
    desk.run()
    assert "read ask     until 2027-03-08 " in desk.says("status")


@pytest.mark.slow
def test_a_model_that_is_wrong_too_often_is_restrained_once_and_the_admin_hears_of_it(desk: Desk) -> None:
    desk.run(*(question(number) for number in range(1, FEWEST + 1)))
    for ref in desk.refs():
        desk.says("reroute", ref, "digital")
    for _ in range(2):
        with Worker.open(desk.branch.settings(), classifier=NoGuess(), environ=ENVIRON, clock=lambda: MONDAY) as worker:
            worker.oversee("", 0.95)
    with desk.store() as session:
        assert session.raised("") is not None
    desk.run()
    (told,) = [one for one in map(parsed, desk.branch.sink.received) if one["X-Mailbot-Letter"] == "digest"]
    assert f"Of the {FEWEST} guesses" in whole_text(told)
    assert "asks triage about everything" in " ".join(whole_text(told).split())


def test_a_model_is_restrained_also_where_nobody_can_be_told_in_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = desk.branch.config / "templates" / "en"
    own.mkdir(parents=True)
    (own / "restrained.txt").write_text("{{ version + 1 }}")
    # So many wrong guesses take half a minute to make.
    monkeypatch.setattr("mailbot.classify.watching.needs_raise", lambda *_: Raise("v0002", 5, 40, 0.95, 0.97))
    with Worker.open(desk.branch.settings(), classifier=NoGuess(), environ=ENVIRON, clock=lambda: MONDAY) as worker:
        worker.oversee("v0002", 0.95)
    with desk.store() as session:
        assert session.raised("v0002") == 0.97
