"""A message that cannot be handled, or that ends the process, is set aside and stands in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from mailbot.asking import NoGuess
from mailbot.classify import Classifier, Prediction, Question
from mailbot.mail import Ours, Understood, parse, understand
from mailbot.store import Fetched
from mailbot.worker import Worker
from mailbot.writing import Writer, compose
from mailbot.writing.letter import Letter, LetterKind, Order, Scene
from tests.faults.branch import ENVIRON, Branch, question
from tests.faults.nursery import DEADLY, Nursery
from tests.servers import SmtpSink
from tests.stories.letters import parsed, plain_text, whole_text
from tests.stories.player import Assuming
from tests.stories.story import Assumed

TRIAGE = "reference@riverbend.example"
POISON = "Poison"
ANSWERED = ["acknowledgement", "forward"]
SURE = Assuming(NoGuess(), Assumed("special-collections", sure=True, runners_up=()))


class NobodyKnows:
    """Guesses nothing."""

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        return [Prediction(None, 0.0, sure=False) for _ in questions]


class NobodyCan(NobodyKnows):
    """Fails at one subject."""

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        if any(POISON in one.subject for one in questions):
            raise FloatingPointError("a model with a hole in it")
        return super().predict(questions)


@dataclass(frozen=True, slots=True)
class Stumbling:
    """A writer that cannot find words at one subject."""

    real: Writer

    def write(self, order: Order, scene: Scene) -> Letter:
        if POISON in scene.understood.subject:
            raise ZeroDivisionError("no words for this")
        return self.real.write(order, scene)


@dataclass(frozen=True, slots=True)
class Speechless:
    """A writer that cannot find words for alerts."""

    real: Writer

    def write(self, order: Order, scene: Scene) -> Letter:
        if order.kind is LetterKind.ALERT:
            raise ZeroDivisionError("no words for this")
        return self.real.write(order, scene)


def work(branch: Branch, classifier: Classifier, *, stumbling: bool = False, rounds: int = 1) -> None:
    with Worker.open(branch.settings(), classifier=classifier, environ=ENVIRON) as worker:
        if stumbling:
            worker._handler._writer = Stumbling(worker._handler._writer)  # type: ignore[assignment]
        for _ in range(rounds):
            assert worker.run_once().problems == ()


def test_a_message_that_cannot_be_handled_is_set_aside_with_reason_and_alert_and_blocks_nobody(
    branch: Branch, sink: SmtpSink
) -> None:
    branch.put(question(1), question(2, subject=POISON), question(3))
    work(branch, NobodyKnows(), stumbling=True, rounds=3)
    assert branch.where() == {"held": 2, "failed": 1}
    assert branch.state().folders["mailbot/Failed"] == 1
    (why,) = [one.why for one in branch.state().booked if one.standing == "failed"]
    assert why.startswith("ZeroDivisionError in mailbot.handling, line ")
    for number in (1, 3):
        assert [kind for kind, _ in branch.sent().of(f"<question.{number}@patron.example>")] == ANSWERED
    _expect_alert(sink)
    before = branch.state()
    work(branch, NobodyKnows())
    assert branch.state() == before


def back_to_the_inbox(branch: Branch) -> None:
    with branch.dovecot.login(branch.user) as client:
        client.select_folder("mailbot/Failed")
        client.move(client.search(), "INBOX")


def test_what_failed_is_left_for_the_next_round_since_the_cause_may_be_gone_by_then(branch: Branch) -> None:
    branch.put(question(2, subject=POISON))
    work(branch, NobodyKnows(), stumbling=True)
    work(branch, NobodyKnows())
    assert branch.where() == {"held": 1}


def test_what_was_set_aside_is_tried_again_when_somebody_moves_it_back(branch: Branch) -> None:
    branch.put(question(2, subject=POISON))
    work(branch, NobodyKnows(), stumbling=True, rounds=3)
    assert branch.where() == {"failed": 1}
    back_to_the_inbox(branch)
    work(branch, NobodyKnows())
    assert branch.where() == {"failed": 1, "held": 1}
    assert [kind for kind, _ in branch.sent().of("<question.2@patron.example>")] == ANSWERED


def test_what_fails_again_after_it_was_moved_back_is_set_aside_again(branch: Branch) -> None:
    branch.put(question(2, subject=POISON))
    work(branch, NobodyKnows(), stumbling=True, rounds=3)
    back_to_the_inbox(branch)
    work(branch, NobodyKnows(), stumbling=True, rounds=3)
    assert branch.where() == {"failed": 2}
    assert branch.state().folders["mailbot/Failed"] == 1


def test_a_model_that_fails_at_a_message_sends_it_to_triage(branch: Branch) -> None:
    branch.put(question(1), question(2, subject=POISON), question(3))
    work(branch, NobodyCan())
    assert branch.where() == {"held": 3}
    assert ("forward", TRIAGE) in branch.sent().of("<question.2@patron.example>")


@pytest.mark.slow
def test_a_message_that_ends_the_process_is_set_aside_after_a_few_restarts(
    branch: Branch, sink: SmtpSink, nursery: Nursery
) -> None:
    branch.put(question(1), question(2, subject=POISON), question(3))
    endings = [branch.run(nursery, environ={DEADLY: POISON}).status for _ in range(7)]
    assert endings == [11, 11, 11, 11, 11, 11, 0]
    assert branch.where() == {"routed": 2, "failed": 1}
    for number in (1, 3):
        assert [kind for kind, _ in branch.sent().of(f"<question.{number}@patron.example>")] == ANSWERED
    assert branch.sent().repeats == 0
    _expect_alert(sink)


def test_letters_of_messages_that_an_earlier_process_left_behind_leave_at_once(
    branch: Branch, nursery: Nursery
) -> None:
    branch.put(question(1, subject=POISON))
    assert branch.run(nursery, environ={DEADLY: POISON}).status == 11
    woken: list[str] = []
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON) as worker:
        worker.letters_waiting = woken.append
        worker.collect("ask")
    assert woken == ["ask"]


def test_a_letter_that_cannot_be_put_together_stands_in_no_other_letter_s_way(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = compose

    def stumbling(letter: Letter, **rest: object) -> bytes:
        if letter.to.address == "patron2@patron.example":
            raise ValueError("no such header")
        return real(letter, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr("mailbot.sending.compose", stumbling)
    branch.put(question(1), question(2), question(3))
    work(branch, NobodyKnows())
    for number in (1, 3):
        assert [kind for kind, _ in branch.sent().of(f"<question.{number}@patron.example>")] == ANSWERED
    assert branch.sent().of("<question.2@patron.example>") == [("alert", TRIAGE), ("forward", TRIAGE)]
    (unsent,) = branch.state().unsent
    assert "cannot be put together (ValueError in mailbot.sending, line" in unsent


def test_a_letter_that_is_lost_and_whose_alert_cannot_be_worded_stands_in_no_other_letter_s_way(
    branch: Branch, sink: SmtpSink
) -> None:
    sink.answer("RCPT", "550 5.1.1 No such user", only="special@")
    branch.put(question(1), question(2))
    with Worker.open(branch.settings(), classifier=SURE, environ=ENVIRON) as worker:
        worker._handler._writer = Speechless(worker._handler._writer)  # type: ignore[assignment]
        assert worker.run_once().problems == ()
    for number in (1, 2):
        assert branch.sent().of(f"<question.{number}@patron.example>") == [
            ("acknowledgement", f"patron{number}@patron.example")
        ]
    assert ["No such user" in one for one in branch.state().unsent] == [True, True]


def test_an_error_that_quotes_a_mail_leaves_nothing_of_it_in_the_log_or_the_books(
    branch: Branch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As libraries do that name what they did not like: once when it is read, once when it is handed on."""
    private = "my daughter is in the shelter"
    to_read, to_send = question(1, text=f"{private}."), question(2)
    real, real_compose = understand, compose

    def reading(raw: bytes, ours: Ours) -> Understood:
        if private.encode() in raw:
            raise ValueError(f"not a header: {raw!r}")
        return real(raw, ours)

    def composing(letter: Letter, **rest: object) -> bytes:
        if "patron2" in letter.to.address:
            raise KeyError(f"{private}: {letter.text}")
        return real_compose(letter, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr("mailbot.handling.understand", reading)
    monkeypatch.setattr("mailbot.sending.compose", composing)
    branch.put(to_read, to_send)
    with caplog.at_level("DEBUG"):
        work(branch, NobodyKnows(), rounds=3)
    assert branch.where() == {"failed": 1, "held": 1}
    assert "ValueError in mailbot.handling, line" in caplog.text
    assert "KeyError in mailbot.sending, line" in caplog.text
    assert private not in caplog.text
    assert private not in "".join([*branch.state().unsent, *(one.why or "" for one in branch.state().booked)])


def test_mail_that_was_kept_for_a_mailbox_that_is_gone_is_handled_by_another(branch: Branch) -> None:
    raw = question(1)
    message = parse(raw)
    with Worker.open(branch.settings(), classifier=NobodyKnows(), environ=ENVIRON) as worker:
        kept = [Fetched(7, raw, message.message_id, message.content_hash)]
        with worker.store.writing() as session:
            session.keep("formerly", 1, kept, datetime.now(UTC))
    work(branch, NobodyKnows())
    assert branch.where() == {"held": 1}
    assert [kind for kind, _ in branch.sent().of("<question.1@patron.example>")] == ANSWERED


def _expect_alert(sink: SmtpSink) -> None:
    (alert,) = [one for one in map(parsed, sink.received) if one["X-Mailbot-Letter"] == "alert"]
    assert "photographs of Main Street" in whole_text(alert)
    assert plain_text(alert)
