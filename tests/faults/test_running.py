"""The worker that runs for days: woken by mail, ended in good order, alone on its store, its mailboxes apart."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest

from tests.faults.branch import Branch, question
from tests.faults.nursery import Command, Nursery
from tests.faults.test_servers_down import expect_all
from tests.servers import Authority, Dovecot, Postgres, SmtpSink

pytestmark = pytest.mark.slow
SELDOM = "[worker]\npoll_seconds = 600\n"


@pytest.fixture
def running(found: Callable[..., Branch], nursery: Nursery) -> Iterator[tuple[Branch, Command]]:
    """A worker that looks for mail of its own accord only every ten minutes."""
    branch = found(more=SELDOM)
    command = branch.start(nursery, "run", "--verbose")
    command.await_log("worker-started")
    yield branch, command
    command.signal(signal.SIGKILL)
    command.end()


def test_mail_that_comes_is_acknowledged_within_seconds(running: tuple[Branch, Command], sink: SmtpSink) -> None:
    branch, _ = running
    for number in range(3):
        branch.put(question(number))
        sink.wait(2 * (number + 1), seconds=60)
    assert branch.sent().of("<question.2@patron.example>")


def test_a_worker_that_is_told_to_end_finishes_what_it_has_in_hand(
    running: tuple[Branch, Command], sink: SmtpSink, nursery: Nursery
) -> None:
    branch, command = running
    branch.put(*(question(number) for number in range(120)))
    sink.wait(10, seconds=60)
    command.signal(signal.SIGTERM)
    ended = command.end(seconds=30)
    assert (ended.status, "worker-stopped" in ended.err, "Traceback" in ended.err) == (0, True, False), ended.err
    assert branch.sent().repeats == 0
    assert branch.run(nursery).status == 0
    expect_all(branch, 120)
    assert branch.sent().repeats == 0


def test_a_worker_that_has_nothing_to_do_ends_when_told(running: tuple[Branch, Command]) -> None:
    _, command = running
    command.signal(signal.SIGTERM)
    assert command.end(seconds=30).status == 0


def test_a_worker_that_is_killed_again_and_again_does_not_repeat_the_same_letters_each_time(
    branch: Branch, nursery: Nursery, sink: SmtpSink
) -> None:
    branch.put(*(question(number) for number in range(30)))
    for _ in range(5):
        before = len(sink.received)
        command = branch.start(nursery, "run", "--once")
        sink.wait(before + 5, seconds=60)
        command.signal(signal.SIGKILL)
        command.end()
    assert branch.run(nursery).status == 0
    expect_all(branch, 30)
    assert max(len(ids) for ids in branch.sent().letters.values()) <= 3


def test_a_second_run_says_so_in_one_line_and_touches_nothing(
    running: tuple[Branch, Command], nursery: Nursery
) -> None:
    branch, command = running
    before = branch.state()
    second = branch.run(nursery)
    assert (second.status, second.out) == (1, "")
    (line,) = second.err.splitlines()
    assert "another mailbot is at work" in line
    assert branch.state() == before
    assert command.running()


def test_an_imap_server_that_restarts_is_found_again(
    authority: Authority, found: Callable[..., Branch], nursery: Nursery, sink: SmtpSink
) -> None:
    with Dovecot(authority) as dovecot:
        branch = found(dovecot=dovecot, more=SELDOM)
        command = branch.start(nursery, "run", "--verbose")
        command.await_log("worker-started")
        branch.put(question(0))
        sink.wait(2, seconds=60)
        dovecot.kill()
        command.await_log("mailbox-failed")
        dovecot.start()
        branch.put(question(1))
        sink.wait(4, seconds=90)
        command.signal(signal.SIGTERM)
        assert command.end(seconds=30).status == 0
        expect_all(branch, 2)


def test_a_mailbox_that_refuses_the_login_does_not_stop_the_other(
    found: Callable[..., Branch], nursery: Nursery
) -> None:
    branch = found(beside="teens")
    branch.put(question(0))
    ended = branch.run(nursery, environ={"OTHER_PASSWORD": "wrong"})
    assert (ended.status, "Traceback" in ended.err) == (1, False), ended.err
    (line,) = [line for line in ended.err.splitlines() if line.startswith("mailbot: ")]
    assert line.startswith("mailbot: teens: ")
    expect_all(branch, 1)


def test_a_database_server_that_restarts_is_found_again(
    found: Callable[..., Branch], nursery: Nursery, sink: SmtpSink, postgres: Postgres
) -> None:
    with Postgres(fsync=True) as own:
        branch = found(store=own.new_database(), more="[worker]\npoll_seconds = 5\n")
        command = branch.start(nursery, "run", "--verbose")
        command.await_log("worker-started")
        branch.put(question(0))
        sink.wait(2, seconds=60)
        own.kill()
        branch.put(question(1))
        command.await_log("store-failed")
        own.start()
        sink.wait(4, seconds=90)
        command.signal(signal.SIGTERM)
        assert command.end(seconds=30).status == 0
        expect_all(branch, 2)
