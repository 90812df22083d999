"""A mail server that goes away in the middle, or says no: what is left is done by the next run, without a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.branch import Branch, question
from tests.faults.nursery import Nursery
from tests.servers import Authority, Dovecot, FaultProxy, Faults, SmtpSink
from tests.servers.sink import DROP, HANG
from tests.stories.letters import parsed, whole_text

pytestmark = pytest.mark.slow
LEFT = 75
MANY = 40


def both(number: int) -> list[tuple[str, str]]:
    return [("acknowledgement", f"patron{number}@patron.example"), ("forward", "special@riverbend.example")]


def expect_all(branch: Branch, mails: int) -> None:
    """Every mail decided and filed, and told once."""
    state, sent = branch.state(), branch.sent()
    assert len(state.booked) == mails
    assert [one for one in state.booked if not one.filed or one.standing in (None, "failed")] == []
    assert (state.folders["INBOX"], state.unsent, sent.twice) == (0, [], {})
    for number in range(mails):
        kinds = [kind for kind, _ in sent.of(f"<question.{number}@patron.example>")]
        assert kinds == ["acknowledgement", "forward"]


def test_an_imap_server_that_goes_down_in_the_middle_and_comes_back(
    authority: Authority, found: Callable[..., Branch], nursery: Nursery
) -> None:
    with Dovecot(authority) as dovecot:
        branch = found(dovecot=dovecot, more="[worker]\nbatch = 5\n")
        branch.put(*(question(number) for number in range(MANY)))
        first = branch.start(nursery, "run", "--once")
        first.await_log("messages-filed")
        dovecot.kill()
        ended = first.end()
        assert (ended.status, ended.err.count("Traceback")) == (LEFT, 0), ended.err
        assert "ask: " in ended.err
        again = branch.run(nursery)
        assert (again.status, again.out) == (LEFT, "")
        dovecot.start()
        assert branch.run(nursery).status == 0
        expect_all(branch, MANY)
        assert branch.sent().repeats == 0


def five_of_which_one_cannot_be_read(branch: Branch, dovecot: Dovecot) -> Path:
    """Puts five questions into the mailbox, and gives the file of the third, which the server may no longer read."""
    branch.put(*(question(number) for number in range(5)))
    (file,) = (path for path in dovecot.folder.glob("mail/*/Maildir/*/*") if b"question.2@" in path.read_bytes())
    file.chmod(0)
    return file


def test_a_message_that_the_imap_server_cannot_read_holds_up_no_other(
    authority: Authority, found: Callable[..., Branch], nursery: Nursery
) -> None:
    with Dovecot(authority) as dovecot:
        branch = found(dovecot=dovecot, more="[worker]\nbatch = 2\n")
        file = five_of_which_one_cannot_be_read(branch, dovecot)
        ended = branch.run(nursery)
        assert (ended.status, ended.err.count("Traceback")) == (1, 0), ended.err
        assert "does not hand out (UID 3)" in ended.err
        assert [len(branch.sent().of(f"<question.{number}@patron.example>")) for number in range(5)] == [2, 2, 0, 2, 2]
        (file,) = dovecot.folder.glob(f"mail/*/Maildir/*/{file.name}*")  # seen by now, hence elsewhere
        file.chmod(0o600)
        assert branch.run(nursery).status == 0
        expect_all(branch, 5)


def test_a_dry_run_shows_all_but_the_message_that_the_imap_server_cannot_read(
    authority: Authority, found: Callable[..., Branch], nursery: Nursery
) -> None:
    with Dovecot(authority) as dovecot:
        branch = found(dovecot=dovecot, more="[worker]\nbatch = 2\n")
        five_of_which_one_cannot_be_read(branch, dovecot)
        ended = branch.start(nursery, "run", "--dry-run").end()
        assert (ended.status, ended.err.count("Traceback")) == (1, 0), ended.err
        assert "does not hand out (UID 3)" in ended.err
        assert [f"Old photographs {number}" in ended.out for number in range(5)] == [True, True, False, True, True]


def test_a_departments_folder_that_cannot_be_looked_into_keeps_no_other_from_being_looked_into(
    authority: Authority, found: Callable[..., Branch], nursery: Nursery
) -> None:
    with Dovecot(authority) as dovecot:
        branch = found(dovecot=dovecot, more="[corrections]\nby_folder = true\n")
        branch.put(question(0))
        assert branch.run(nursery).status == 0
        with dovecot.login(branch.user) as client:
            client.create_folder("Departments/circulation")
            client.create_folder("Departments/digital")
            client.select_folder("mailbot/Routed")
            client.move(client.search(), "Departments/digital")
        (folder,) = dovecot.folder.glob("mail/*/Maildir/.Departments.circulation")
        folder.chmod(0)
        ended = branch.run(nursery)
        assert (ended.status, ended.err.count("Traceback")) == (LEFT, 0), ended.err
        assert "could not look into the folder “Departments/circulation”" in ended.err
        assert ("forward", "digital@riverbend.example") in branch.every_letter()
        folder.chmod(0o700)
        assert branch.run(nursery).status == 0


def test_a_folder_that_cannot_be_looked_into_does_not_hide_a_message_that_cannot_be_read(
    authority: Authority, found: Callable[..., Branch], nursery: Nursery
) -> None:
    with Dovecot(authority) as dovecot:
        branch = found(dovecot=dovecot, more="[corrections]\nby_folder = true\n")
        five_of_which_one_cannot_be_read(branch, dovecot)
        with dovecot.login(branch.user) as client:
            client.create_folder("Departments/circulation")
        (folder,) = dovecot.folder.glob("mail/*/Maildir/.Departments.circulation")
        folder.chmod(0)
        ended = branch.run(nursery)
        folder.chmod(0o700)
        assert (ended.status, ended.err.count("Traceback")) == (1, 0), ended.err
        assert "could not look into the folder “Departments/circulation”" in ended.err
        assert "does not hand out (UID 3)" in ended.err


def test_an_smtp_server_that_goes_down_in_the_middle_and_comes_back(
    branch: Branch, sink: SmtpSink, nursery: Nursery
) -> None:
    branch.put(*(question(number) for number in range(MANY)))
    first = branch.start(nursery, "run", "--once", "--verbose")
    first.await_log("letter-sent")
    sink.stop()
    ended = first.end()
    assert (ended.status, ended.err.count("Traceback")) == (LEFT, 0), ended.err
    assert branch.state().folders["INBOX"] == 0
    again = branch.run(nursery)
    assert again.status == LEFT
    sink.start()
    assert branch.run(nursery).status == 0
    assert branch.later(nursery).status == 0
    expect_all(branch, MANY)
    assert branch.sent().repeats <= branch.settings().worker.smtp_connections


def test_a_server_that_was_never_there_is_said_in_one_line(found: Callable[..., Branch], nursery: Nursery) -> None:
    branch = found(imap=1)
    ended = branch.run(nursery)
    (line,) = [line for line in ended.err.splitlines() if line.startswith("mailbot:")]
    assert (ended.status, "nobody listens there" in line) == (LEFT, True)


def test_a_letter_that_is_put_off_comes_later_under_the_same_name(
    branch: Branch, sink: SmtpSink, nursery: Nursery
) -> None:
    sink.answer("DATA", "451 4.3.0 Try later", only="patron0@", times=1)
    branch.put(question(0))
    assert branch.run(nursery).status == 0
    assert branch.sent().of("<question.0@patron.example>") == [("forward", "special@riverbend.example")]
    (name,) = branch.unsent_names()
    assert branch.later(nursery).status == 0
    expect_all(branch, 1)
    assert name in {one for ids in branch.sent().letters.values() for one in ids}


def test_a_department_whose_address_is_refused_loses_no_inquiry(
    branch: Branch, sink: SmtpSink, nursery: Nursery
) -> None:
    sink.answer("RCPT", "550 5.1.1 No such user", only="special@")
    branch.put(question(0))
    assert branch.run(nursery).status == 0
    assert branch.every_letter() == [
        ("acknowledgement", "patron0@patron.example"),
        ("alert", "reference@riverbend.example"),
        ("update", "patron0@patron.example"),
    ]
    (alert,) = [one for one in sink.received if one.recipients == ("reference@riverbend.example",)]
    assert "photographs of Main Street" in whole_text(parsed(alert))
    assert branch.where() == {"routed": 1}
    _again_nothing(branch, nursery)


def test_a_patron_whose_address_is_refused_is_still_helped(branch: Branch, sink: SmtpSink, nursery: Nursery) -> None:
    sink.answer("RCPT", "550 5.1.1 No such user", only="patron0@")
    branch.put(question(0), question(1))
    assert branch.run(nursery).status == 0
    sent = branch.sent()
    told = [("alert", "special@riverbend.example"), ("forward", "special@riverbend.example")]
    assert sent.of("<question.0@patron.example>") == told
    assert sent.of("<question.1@patron.example>") == both(1)
    assert branch.where() == {"routed": 2}
    _again_nothing(branch, nursery)


@pytest.mark.parametrize(("stage", "reply"), [("RCPT", HANG), ("DATA", HANG), ("DATA", DROP), ("CONNECT", DROP)])
def test_a_server_that_hangs_or_drops_the_line_gets_the_letter_in_the_end(
    branch: Branch, sink: SmtpSink, nursery: Nursery, stage: str, reply: str
) -> None:
    sink.answer(stage, reply, times=2)
    branch.put(*(question(number) for number in range(4)))
    assert branch.run(nursery).status in (0, LEFT)
    assert branch.later(nursery).status == 0
    expect_all(branch, 4)
    assert branch.sent().repeats == 0


def test_a_line_that_breaks_before_the_last_reply_repeats_the_letter_under_the_same_name(
    found: Callable[..., Branch], sink: SmtpSink, nursery: Nursery, proxy_to: Callable[[int], FaultProxy]
) -> None:
    proxy = proxy_to(sink.port)
    branch = found(smtp=proxy.port)
    branch.put(question(0))
    proxy.faults = Faults(cut_down=b"queued as")
    assert branch.run(nursery).status in (0, LEFT)
    assert len(branch.state().unsent) == 2
    proxy.faults = Faults()
    assert branch.later(nursery).status == 0
    expect_all(branch, 1)
    assert branch.sent().repeats == 2


def _again_nothing(branch: Branch, nursery: Nursery) -> None:
    before = branch.state()
    assert branch.run(nursery).status == 0
    assert branch.state() == before
