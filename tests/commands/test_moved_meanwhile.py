"""A case that the worker changes in the very moment in which somebody moves it: on a server that serves both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from mailbot.asking import NoGuess
from mailbot.case import Case, State
from mailbot.errors import MailbotError
from mailbot.handling import Handler
from mailbot.store import Store
from mailbot.worker import Worker
from mailbot.writing import Writer
from mailbot.writing.letter import LetterKind
from tests.commands.conftest import MONDAY
from tests.faults.branch import ENVIRON, Branch, question
from tests.servers import Dovecot, SmtpSink
from tests.stories.player import Assuming
from tests.stories.story import Assumed

HOLDS = Assuming(NoGuess(), Assumed("circulation", sure=True, runners_up=()))


@dataclass(slots=True)
class Meanwhile:
    """Gives ids, and changes the case each of the first ``times`` times that one is asked for: letters are being
    written then, after the case was looked at and before it is changed.
    """

    store: Store
    times: int
    change: Callable[[Case], Case]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self) -> str:
        number = next(self.numbers)
        if number <= self.times:
            with self.store.writing() as session:
                kept = session.cases()[0]
                session.change_case(kept.id, self.change(kept.case), kept.touched + timedelta(seconds=1))
        return f"id{number}"


@pytest.fixture
def branch(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path, postgres_url: str) -> Branch:
    branch = Branch(tmp_path / "branch", dovecot, sink, store=postgres_url)
    branch.put(question(1))
    with Worker.open(branch.settings(), classifier=HOLDS, environ=ENVIRON, clock=lambda: MONDAY) as worker:
        worker.collect("ask")
    return branch


@contextmanager
def handler(branch: Branch, change: Callable[[Case], Case], times: int = 1) -> Iterator[tuple[Handler, Store]]:
    store, settings = Store.open(branch.store), branch.settings()
    ids = Meanwhile(store, times, change)
    yield (
        Handler(settings, store, NoGuess(), Writer(), clock=lambda: MONDAY, ids=ids, heard=lambda _: None),
        store,
    )
    store.close()


def holder_and_letters(store: Store) -> tuple[str, State, list[str]]:
    """Who has the case, how it stands, and to which departments it was forwarded or alerted, in that order."""
    with store.reading() as session:
        case = session.cases()[0].case
        due = session.due("ask", MONDAY, 100)
    told = [one.department for one in due if one.letter.kind in (LetterKind.FORWARD, LetterKind.ALERT)]
    return case.holder, case.state, told


def test_a_move_by_hand_begins_with_what_the_worker_did_in_the_same_moment(branch: Branch) -> None:
    with handler(branch, lambda case: case.moved("outreach", case.due)) as (moving, store):
        with store.reading() as session:
            ref = session.cases()[0].case.ref
        decision = moving.reroute(ref, "digital")
        assert decision.was is not None
        assert decision.was.holder == "outreach"
        assert holder_and_letters(store) == ("digital", State.OPEN, ["circulation", "digital"])


def test_a_case_that_changes_at_every_look_is_left_alone_and_the_command_says_so(branch: Branch) -> None:
    with handler(branch, lambda case: case.moved("outreach", case.due), times=100) as (moving, store):
        with store.reading() as session:
            ref = session.cases()[0].case.ref
        with pytest.raises(MailbotError, match=r"changed by somebody else just now.*look at it, then try again"):
            moving.reroute(ref, "digital")
        assert holder_and_letters(store) == ("outreach", State.OPEN, ["circulation"])


def test_what_was_answered_while_its_forward_was_given_up_stays_answered(branch: Branch) -> None:
    with handler(branch, Case.answered) as (moving, store):
        with store.reading() as session:
            (forward,) = [one for one in session.due("ask", MONDAY, 100) if one.letter.kind is LetterKind.FORWARD]
        moving.undeliverable(forward, "550 5.1.1 No such user")
        assert holder_and_letters(store) == ("circulation", State.ANSWERED, [])


def test_a_message_moved_into_a_folder_begins_with_what_the_worker_did_in_the_same_moment(branch: Branch) -> None:
    with handler(branch, Case.answered) as (moving, store):
        moving.found_in("digital", "ask", ["<question.1@patron.example>"])
        assert holder_and_letters(store) == ("circulation", State.ANSWERED, ["circulation"])
