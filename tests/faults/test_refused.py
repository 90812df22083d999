"""A patron's address that the mail server refuses when a letter is handed in: whoever has the question hears of it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from mailbot.asking import NoGuess
from mailbot.worker import Worker
from tests.faults.branch import ENVIRON, Branch, question
from tests.servers import SmtpSink
from tests.stories.letters import parsed, plain_text, whole_text
from tests.stories.player import Assuming
from tests.stories.story import Assumed

DESK = "special@riverbend.example"
SURE = Assuming(NoGuess(), Assumed("special-collections", sure=True, runners_up=()))
NOON = datetime(2027, 2, 2, 18, tzinfo=UTC)


def run(branch: Branch, *raws: bytes, at: datetime = NOON) -> None:
    branch.put(*raws)
    with Worker.open(branch.settings(), classifier=SURE, environ=ENVIRON, clock=lambda: at) as worker:
        assert worker.run_once().problems == ()


def alerts(sink: SmtpSink) -> list[EmailMessage]:
    return [one for one in map(parsed, sink.received) if one["X-Mailbot-Letter"] == "alert"]


@pytest.fixture
def refusing(branch: Branch, sink: SmtpSink) -> Branch:
    """A server that knows no patron1."""
    sink.answer("RCPT", "550 5.1.1 No such user", only="patron1@")
    return branch


def test_the_holder_is_told_that_the_letter_was_not_taken_and_why(refusing: Branch, sink: SmtpSink) -> None:
    run(refusing, question(1))
    (alert,) = alerts(sink)
    said = " ".join(plain_text(alert).split())
    assert DESK in alert["To"]
    assert "The library's letter to Patron 1 at patron1@patron.example could not be delivered:" in said
    assert "550 5.1.1 No such user" in said
    assert "came back" not in said
    assert "Main Street" not in whole_text(alert)


def test_the_holder_is_told_once_a_case(refusing: Branch, sink: SmtpSink) -> None:
    run(refusing, question(1))
    more = question(2).replace(b"patron2@", b"patron1@")
    run(refusing, more.replace(b"Message-ID:", b"In-Reply-To: <question.1@patron.example>\r\nMessage-ID:"))
    assert refusing.where() == {"routed": 1, "added": 1}
    assert len(alerts(sink)) == 1


def test_another_question_of_theirs_is_another_case(refusing: Branch, sink: SmtpSink) -> None:
    run(refusing, question(1))
    run(refusing, question("1b", text="May I bring my dog to the reading room?").replace(b"patron1b@", b"patron1@"))
    assert len(alerts(sink)) == 2


def test_a_desk_that_refuses_mail_as_well_makes_no_end_of_letters(refusing: Branch, sink: SmtpSink) -> None:
    sink.answer("RCPT", "550 5.1.1 No such user", only="special@")
    run(refusing, question(1))
    assert [str(one["To"]).rpartition("<")[2].strip(">") for one in alerts(sink)] == ["reference@riverbend.example"] * 2
