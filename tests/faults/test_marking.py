"""Letters that have left while the store could not be told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.errors import StoreError
from mailbot.store import Session
from mailbot.worker import Worker
from tests.faults.branch import ENVIRON, Branch, question
from tests.faults.test_poison import NobodyKnows
from tests.servers import SmtpSink


def test_what_has_left_before_the_disk_was_full_does_not_leave_again(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [datetime.now(UTC)]
    branch.put(question(0), question(1))
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON, clock=lambda: now[0]) as worker:

        def full(session: Session, letter_ids: Sequence[int], at: datetime) -> None:
            raise StoreError("the disk is full")  # no real disk fills up at just this moment

        with monkeypatch.context() as patched:
            patched.setattr(Session, "sent", full)
            assert worker.run_once().problems == ("the disk is full",)
        assert len(branch.state().unsent) == 4
        now[0] += timedelta(hours=1)
        assert worker.run_once().problems == ()
    assert branch.state().unsent == []
    assert (len(branch.sent().letters), branch.sent().repeats) == (4, 0)


def full(*_: object) -> None:
    raise StoreError("the disk is full")  # no real disk fills up at just this moment


def in_a_moment(branch: Branch, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """A round in which the store refuses to book something, and another a second later, when it takes everything."""
    now = [datetime.now(UTC)]
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON, clock=lambda: now[0]) as worker:
        with monkeypatch.context() as patched:
            patched.setattr(Session, broken, full)
            assert worker.run_once().problems == ("the disk is full",)
        now[0] += timedelta(seconds=1)
        assert worker.run_once().problems == ()


def test_letters_that_had_not_left_when_the_disk_was_full_leave_as_soon_as_it_is_not(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.put(*(question(number) for number in range(30)))
    in_a_moment(branch, monkeypatch, "sent")
    assert branch.state().unsent == []
    assert (len(branch.sent().letters), branch.sent().repeats) == (60, 0)


def test_a_letter_whose_refusal_could_not_be_booked_is_tried_again_at_once(
    branch: Branch, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.answer("DATA", "451 4.3.0 Try later", only="patron0@", times=1)
    branch.put(question(0), question(1))
    in_a_moment(branch, monkeypatch, "postponed")
    assert branch.state().unsent == []
    assert (len(branch.sent().letters), branch.sent().repeats) == (4, 0)


def test_a_letter_that_nobody_takes_is_given_up_as_soon_as_that_can_be_booked(
    branch: Branch, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.answer("RCPT", "550 5.1.1 No such user", only="reference@")
    branch.put(question(0))
    in_a_moment(branch, monkeypatch, "undeliverable")
    (unsent,) = branch.state().unsent
    assert "550 5.1.1 No such user" in unsent
    assert branch.sent().repeats == 0


def test_letters_that_no_server_was_reached_for_are_due_again_once_that_can_be_booked(
    branch: Branch, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [datetime.now(UTC)]
    branch.put(question(0), question(1))
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON, clock=lambda: now[0]) as worker:
        sink.stop()
        with monkeypatch.context() as patched:
            patched.setattr(Session, "untried", full)
            assert "the disk is full" in worker.run_once().problems
        sink.start()
        now[0] += timedelta(seconds=1)
        assert worker.run_once().problems == ()
    assert branch.state().unsent == []
    assert (len(branch.sent().letters), branch.sent().repeats) == (4, 0)
