"""Random lives of a mailbox: patrons, staff, robots, forgers, crashes and jumps of the clock; what must hold, holds.

A state machine (hypothesis) writes mail through the embedded servers, lets the real worker run, and after every round
looks at what is on record and what has left. Whoever writes knows what their mail may cause; nobody else does.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Select, create_engine, select

from mailbot.asking import NOTHING
from mailbot.classify import Guess, Prediction, Question
from mailbot.correction import Token, token_in
from mailbot.demo.world import MailWorld
from mailbot.promises import GRACE, MOST_BROKEN
from mailbot.recording import Handled
from mailbot.settings import FollowUp
from mailbot.store import Store
from mailbot.store.tables import cases, events, examples, letters, messages, receipts, reminders
from mailbot.worker import Worker
from tests.servers import Received
from tests.stories.letters import parsed, plain_text
from tests.stories.player import ENVIRON, settings_for
from tests.stories.posts import PASSWORD, EmbeddedPost

MORNING = datetime(2027, 2, 2, 16, 0, tzinfo=UTC)
OURS = "ask@riverbend.example"
SERVER = "mx.riverbend.example"
FAILED = f"Authentication-Results: {SERVER}; dmarc=fail header.from=riverbend.example"
EVE = "eve@elsewhere.example"
PATRONS = tuple(f"{name}@patron.example" for name in ("agnes", "bo", "chen", "dara"))
STAFF = ("luis@riverbend.example", "mara@riverbend.example")
DEPARTMENTS = ("circulation", "digital", "reference", "special-collections", "outreach")
QUESTIONS = (
    "Where is the book I put on hold last week?",
    "Do you have the parts of a symphony by Florence Price?",
    "My tablet says that the loan has expired, is that right?",
    "Could somebody look up a street in an old directory for me?",
    "Thanks for the books. Can the van come to our school in May?",
)


Drawn = TypeVar("Drawn")


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Order:
    """What one mail of a colleague may do, and no other mail: move this case to that department."""

    case: str
    department: str


@dataclass(frozen=True)
class ByTheWords:
    """A classifier that says what the model wants: the same for the same words, sure of most."""

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        return [self._one(question) for question in questions]

    @staticmethod
    def _one(question: Question) -> Prediction:
        number = sum(map(ord, question.text))
        best, next_best = DEPARTMENTS[number % 5], DEPARTMENTS[(number + 1) % 5]
        if number % 7 == 0:
            return NOTHING
        return Prediction(best, 0.9, sure=number % 3 > 0, runners_up=(Guess(next_best, 0.05),))


class Life(RuleBasedStateMachine):
    """One mailbox and everybody who writes to it."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._world = MailWorld({"ask": PASSWORD}).start()
        self._post = EmbeddedPost(self._world)
        base = settings_for(self._post, Path(self._folder.name))
        library = replace(base.library, trusted_authserv=(SERVER,))
        self._settings = replace(base, library=library, follow_up=FollowUp(after_days=2))
        Store.open(self._settings.store.url).close()
        self._engine = create_engine(self._settings.store.url)
        self._now = MORNING
        self._arrived = 0
        self._machines: set[str] = set()
        self._orders: dict[str, Order] = {}
        self._answers: set[str] = set()
        self._letters: list[EmailMessage] = []
        self._waiting = False
        self._unread = 0

    def teardown(self) -> None:
        self._engine.dispose()
        self._world.close()
        self._folder.cleanup()

    # -- who writes -------------------------------------------------------------------------------------------------

    def _write(
        self,
        sender: str,
        text: str,
        *headers: str,
        to: str = OURS,
        subject: str = "",
        answers: EmailMessage | None = None,
        names: EmailMessage | None = None,
    ) -> str:
        self._arrived += 1
        name = f"<life.{self._arrived}@{sender.rpartition('@')[2]}>"
        known = " ".join(str(one["Message-ID"]) for one in (names, answers) if one)
        thread = [f"In-Reply-To: {answers['Message-ID']}", f"References: {known}"] if answers else []
        about = subject or (f"Re: {answers['Subject']}" if answers else f"Question {self._arrived}")
        lines = [*headers, f"From: {sender}", f"To: {to}", f"Subject: {about}", f"Message-ID: {name}", *thread]
        self._post.arrives("\r\n".join([*lines, "", text, ""]).encode())
        self._waiting = True
        self._unread += 1
        return name

    @initialize(patron=st.sampled_from(PATRONS), text=st.sampled_from(QUESTIONS))
    def it_begins_with_a_question(self, patron: str, text: str) -> None:
        self._write(patron, text)
        self.the_worker_does_a_round()

    @rule(patron=st.sampled_from(PATRONS), text=st.sampled_from(QUESTIONS))
    def a_patron_asks(self, patron: str, text: str) -> None:
        self._write(patron, text)

    @rule(data=st.data(), text=st.sampled_from((*QUESTIONS, "Thank you so much!", "Yes", "No", "route: digital")))
    def a_patron_answers(self, data: st.DataObject, text: str) -> None:
        if letter := self._some(data, to_patron=True):
            self._write(_reader(letter), text, answers=letter)

    @rule(data=st.data(), department=st.sampled_from(DEPARTMENTS), who=st.sampled_from(STAFF))
    def a_colleague_corrects(self, data: st.DataObject, department: str, who: str) -> None:
        if letter := self._some(data, to_patron=False):
            name = self._write(who, f"route: {department}\r\n\r\nNot ours.", answers=letter)
            self._orders[name] = Order(letter["X-Mailbot-Case"], department)

    @rule(data=st.data(), who=st.sampled_from(STAFF))
    def a_colleague_clicks_a_link(self, data: st.DataObject, who: str) -> None:
        if token := self._token(data):
            self._orders[self._click(who, token)] = Order(token.ref, token.department)

    @rule(data=st.data(), who=st.sampled_from(STAFF))
    def a_colleague_answers_the_patron(self, data: st.DataObject, who: str) -> None:
        letter = self._some(data, to_patron=False)
        if letter is not None and letter["Reply-To"]:
            text = "Dear patron, it is on the shelf."
            self._answers.add(self._write(who, text, to=letter["Reply-To"], answers=letter))

    @rule(data=st.data(), who=st.sampled_from(STAFF))
    def a_colleague_is_vague(self, data: st.DataObject, who: str) -> None:
        if letter := self._some(data, to_patron=False):
            self._write(who, "I think this may be for Digital Services or so?", answers=letter)

    @rule(data=st.data(), department=st.sampled_from(DEPARTMENTS), who=st.sampled_from((*STAFF, *PATRONS)))
    def a_forger_orders(self, data: st.DataObject, department: str, who: str) -> None:
        """Whoever it says it is: they know a letter to a patron, and none that went to staff."""
        if letter := self._some(data, to_patron=True):
            self._write(who, f"route: {department}", answers=letter)

    @rule(data=st.data(), department=st.sampled_from(DEPARTMENTS))
    def a_stranger_uses_a_forward(self, data: st.DataObject, department: str) -> None:
        """A forward got out of the house: whoever answers it is none of the staff."""
        if letter := self._some(data, to_patron=False):
            self._write(EVE, f"route: {department}", answers=letter)

    @rule(data=st.data(), who=st.sampled_from((EVE, *PATRONS)))
    def a_link_is_clicked_by_whom_a_note_was_quoted_to(self, data: st.DataObject, who: str) -> None:
        if token := self._token(data):
            self._click(who, token)

    @rule(data=st.data(), department=st.sampled_from(DEPARTMENTS), other=st.booleans(), who=st.sampled_from(STAFF))
    def a_forger_alters_a_link(self, data: st.DataObject, department: str, other: bool, who: str) -> None:
        """The link was quoted to them; they want another department, or the case of another letter they have seen."""
        token, letter = self._token(data), self._some(data, to_patron=True)
        if token is None or letter is None:
            return
        altered = replace(token, ref=letter["X-Mailbot-Case"]) if other else replace(token, department=department)
        if altered != token:
            self._click(who, altered)

    @rule(data=st.data(), department=st.sampled_from(DEPARTMENTS), who=st.sampled_from(STAFF))
    def a_forger_names_two_cases(self, data: st.DataObject, department: str, who: str) -> None:
        """The Message-ID of one forward came to them with an answer; it opens that case, and no other."""
        letter, forward = self._some(data, to_patron=True), self._some(data, to_patron=False)
        if letter is not None and forward is not None:
            name = self._write(who, f"route: {department}", answers=letter, names=forward)
            self._orders[name] = Order(forward["X-Mailbot-Case"], department)

    @rule(data=st.data(), department=st.sampled_from(DEPARTMENTS), who=st.sampled_from(STAFF), to=st.booleans())
    def a_forger_who_has_a_forward_is_found_out(self, data: st.DataObject, department: str, who: str, to: bool) -> None:
        """The library's own server says that they are not whom they say."""
        if letter := self._some(data, to_patron=False):
            patron = letter["Reply-To"] if to else None
            self._write(who, f"route: {department}", FAILED, to=patron or OURS, answers=letter)

    @rule(data=st.data(), who=st.sampled_from(STAFF))
    def a_forger_who_has_a_link_is_found_out(self, data: st.DataObject, who: str) -> None:
        if token := self._token(data):
            self._click(who, token, FAILED)

    @rule(data=st.data(), to_patron=st.booleans())
    def somebody_is_out_of_office(self, data: st.DataObject, to_patron: bool) -> None:
        if letter := self._some(data, to_patron=to_patron):
            who = _reader(letter)
            self._machines.add(self._write(who, "I am away.", "Auto-Submitted: auto-replied", answers=letter))

    @rule(who=st.sampled_from(PATRONS))
    def a_list_writes(self, who: str) -> None:
        self._machines.add(self._write(who, "Our newsletter.", "List-Id: <news.patron.example>", "Precedence: bulk"))

    @rule(data=st.data(), to_patron=st.booleans())
    def a_letter_comes_back(self, data: st.DataObject, to_patron: bool) -> None:
        if letter := self._some(data, to_patron=to_patron):
            self._machines.add(self._bounce(letter))

    def _bounce(self, letter: EmailMessage) -> str:
        body = (
            "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
            f"Final-Recipient: rfc822; {_reader(letter)}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n\r\n--b--"
        )
        return self._write(
            "mailer-daemon@mx.example",
            body,
            "Return-Path: <>",
            "Auto-Submitted: auto-replied",
            'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"',
            subject="Undelivered Mail Returned to Sender",
        )

    # -- what happens -----------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 5, 24, 80)))
    def time_passes(self, hours: int) -> None:
        self._now += timedelta(hours=hours)
        self._waiting = True

    @precondition(lambda self: self._waiting)
    @rule(after=st.integers(1, 3))
    def the_worker_is_killed(self, after: int) -> None:
        """In the middle of a round, once it has decided on so many messages."""
        left = [after]

        def heard(_: Handled) -> None:
            left[0] -= 1
            if not left[0]:
                raise Killed

        try:
            self._round(heard)
        except Killed:
            return

    @precondition(lambda self: self._waiting)
    @rule()
    def the_worker_does_a_round(self) -> None:
        self._now += timedelta(minutes=1)
        assert self._round(lambda _: None) == ()
        self._waiting, self._unread = False, 0

    def _round(self, heard: Callable[[Handled], None]) -> tuple[str, ...]:
        with Worker.open(
            self._settings,
            classifier=ByTheWords(),
            environ=ENVIRON,
            clock=lambda: self._now,
            heard=heard,
        ) as worker:
            return worker.run_once().problems

    def _some(self, data: st.DataObject, *, to_patron: bool) -> EmailMessage | None:
        """One of the letters that have left: to patrons, or forwards to departments."""
        kinds = ("acknowledgement", "update", "follow-up") if to_patron else ("forward",)
        found = [one for one in self._left() if one["X-Mailbot-Letter"] in kinds]
        return _any_of(sorted(found, key=_place), data)

    def _token(self, data: st.DataObject) -> Token | None:
        """The signed order of one of the links in the note of a forward."""
        letter = self._some(data, to_patron=False)
        link = _any_of(re.findall(r"mailto:\S+", plain_text(letter)) if letter else [], data)
        return token_in(_subject(link)) if link else None

    def _click(self, who: str, token: Token, *headers: str) -> str:
        order = f"route: {token.department}"
        return self._write(who, order, *headers, subject=f"{order} [{token.ref}.{token.department}.{token.seal}]")

    def _left(self) -> list[EmailMessage]:
        new = self._world.sent[len(self._letters) :]
        self._letters += [parsed(Received(one.sender, one.recipients, one.data, 0)) for one in new]
        return self._letters

    def check_invariants(self, *words: Any, **more: Any) -> None:
        """After each step; mail seldom lies long: the worker does a round where three wait."""
        if self._unread >= 3:
            self.the_worker_does_a_round()
        super().check_invariants(*words, **more)

    # -- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def every_message_is_accounted_for(self) -> None:
        if self._waiting:
            return
        assert self._world.letters("ask") == []
        rows = self._rows(select(receipts.c.standing, receipts.c.filed_at))
        assert len(rows) == self._arrived
        assert all(standing is not None and filed is not None for standing, filed in rows)
        assert {standing for standing, _ in rows} <= {"routed", "added", "held", "unanswered"}

    @invariant()
    def nothing_is_said_twice(self) -> None:
        names = Counter(one["Message-ID"] for one in self._left())
        assert [name for name, times in names.items() if times > 1] == []
        told = Counter(cause for (cause,) in self._rows(select(letters.c.cause).where(letters.c.to_patron)))
        assert [cause for cause, times in told.items() if cause is not None and times > 1] == []

    @invariant()
    def no_machine_is_answered(self) -> None:
        answered = {one["In-Reply-To"] for one in self._left() if one["Auto-Submitted"] == "auto-replied"}
        assert answered.isdisjoint(self._machines)

    @invariant()
    def every_open_case_has_a_holder_and_a_promise(self) -> None:
        for holder, due in self._rows(select(cases.c.holder, cases.c.due).where(cases.c.state == "open")):
            assert holder in self._settings.library
            assert due is not None

    @invariant()
    def no_promise_is_broken_in_silence(self) -> None:
        if self._waiting:
            return
        told = Counter(
            case for (case,) in self._rows(select(reminders.c.case_id).where(reminders.c.occasion == "late"))
        )
        kept = {tuple(row) for row in self._rows(select(reminders.c.case_id, reminders.c.due))}
        for case, due in self._rows(select(cases.c.id, cases.c.due).where(cases.c.state == "open")):
            overdue = due + GRACE < self._now
            assert not overdue or (case, due) in kept or told[case] >= MOST_BROKEN

    @invariant()
    def nobody_moves_a_case_without_authority(self) -> None:
        for name, case, department, event in self._done_by("corrected", "disputed"):
            order = self._orders[name]
            assert case == order.case
            assert event == "disputed" or department == order.department

    @invariant()
    def nobody_teaches_or_answers_without_authority(self) -> None:
        learnt = select(cases.c.ref, examples.c.department).join(examples, examples.c.case_id == cases.c.id)
        taught = self._rows(learnt.where(examples.c.source == "correction"))
        assert {Order(*row) for row in taught} <= set(self._orders.values())
        assert {name for name, *_ in self._done_by("answered")} <= self._answers

    def _done_by(self, *kinds: str) -> list[tuple[Any, ...]]:
        """What messages did of these kinds: Message-ID, the case's reference, the department that has it then."""
        columns = (messages.c.message_id, cases.c.ref, events.c.department, events.c.event)
        done = (
            select(*columns).join(events, events.c.message == messages.c.id).join(cases, cases.c.id == events.c.case_id)
        )
        return self._rows(done.where(events.c.event.in_(kinds)))

    def _rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]


def _any_of(these: Sequence[Drawn], data: st.DataObject) -> Drawn | None:
    """One of these, whatever there is: always one draw, so that two lives that differ by a thread's haste compare."""
    place = data.draw(st.integers(0, 999))
    return these[place % len(these)] if these else None


def _place(letter: EmailMessage) -> tuple[str, str, str]:
    """Where a letter stands, whichever of several connections it left by."""
    return str(letter["In-Reply-To"]), str(letter["X-Mailbot-Letter"]), str(letter["To"])


def _subject(link: str) -> str:
    return parse_qs(urlsplit(link).query)["subject"][0]


def _reader(letter: EmailMessage) -> str:
    return str(letter["To"].addresses[0].addr_spec)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=settings().max_examples // 20,  # five; `make fuzz` has more
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
