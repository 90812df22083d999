"""Threads as twenty-two mail programs keep or lose them, in eight languages and eight ways, through store and policy.

For the figures: `make test ARGS="-n 0 -rP tests/threads"`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest

from mailbot.asking import NoGuess
from mailbot.correction import SEAL
from mailbot.handling import Handler
from mailbot.mail import parse
from mailbot.recording import Handled
from mailbot.settings import Settings, load
from mailbot.store import Fetched, Store
from mailbot.writing import Writer, compose
from tests.threads.clients import PROGRAMS, WAYS, Program, Reply, raw, reply_of
from tests.threads.said import TONGUES, Tongue

CONFIG = Path(__file__).resolve().parents[2] / "config"
MORNING = datetime.fromisoformat("2027-02-02T09:00:00-06:00")


class Desk:
    """A library's mailbox without its servers: what comes in is kept and decided on, what leaves is read."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        ids = count(1)
        self.now = MORNING
        self.store = Store.open(f"sqlite:///{folder / 'threads.db'}")
        self._heard: dict[int, Handled] = {}
        self._uids = count(1)
        with self.store.writing() as session:
            session.make_key(SEAL, b"k" * 32)
        self._handler = Handler(
            settings, self.store, NoGuess(), Writer(),
            clock=lambda: self.now, ids=lambda: f"{next(ids):016d}", heard=self._hear,
        )  # fmt: skip

    def gets(self, mails: Sequence[bytes]) -> list[Handled]:
        """What was made of each of these mails, which come together."""
        fetched = [
            Fetched(next(self._uids), one, read.message_id, read.content_hash) for one in mails for read in [parse(one)]
        ]
        with self.store.writing() as session:
            session.keep("ask", 1, fetched, self.now)
            waiting = session.waiting(len(mails), 100_000_000)
        for at in range(0, len(waiting), 50):
            self._handler.handle(waiting[at : at + 50])
        return [self._heard[one.id] for one in waiting]

    def letters(self) -> dict[str, EmailMessage]:
        """The newest letter to each patron, by address."""
        with self.store.reading() as session:
            due = [one for one in session.due("ask", self.now, 100_000) if one.letter.to_patron]
        found: dict[str, EmailMessage] = {}
        for one in due:
            data = compose(one.letter, message_id=one.message_id, date=one.written_at, originals=())
            read = message_from_bytes(data, policy=policy.default)
            assert isinstance(read, EmailMessage)
            found[one.letter.to.key] = read
        return found

    def _hear(self, handled: Handled) -> None:
        self._heard[handled.message] = handled


@dataclass(frozen=True, slots=True)
class Talk:
    """One patron's conversation: in which language, with which program, and what befalls the answer on its way."""

    number: int
    tongue: Tongue
    program: Program
    way: str

    @property
    def patron(self) -> str:
        """Their address, in a domain of their own house."""
        return f"p{self.number}@house{self.number}.example"

    @property
    def topic(self) -> int:
        """Which of the language's questions they begin with; many ask the same in the same words."""
        return self.number % 3

    def opening(self) -> Reply:
        """The mail that begins it."""
        topic = self.tongue.topics[self.topic]
        return Reply(self.patron, topic.subject, topic.text)

    def answer(self, letter: EmailMessage) -> Reply:
        """What the patron adds, as it reaches the library."""
        said = reply_of(self.program, self.tongue, letter, self.patron, self.tongue.topics[self.topic].more)
        return WAYS[self.way](said, self.number)

    def same_subject(self) -> Reply:
        """Another question under the first subject, which does not answer anything."""
        return Reply(self.patron, self.tongue.topics[self.topic].subject, self.tongue.topics[(self.topic + 2) % 3].more)

    def decoys(self, letter: EmailMessage, ref: str) -> dict[str, Reply]:
        """Mails that come close and belong to no case that there is: half of the kinds for each patron, in turn."""
        _, other, third = (self.tongue.topics[(self.topic + ahead) % 3] for ahead in range(3))
        full = reply_of(self.program, self.tongue, letter, self.patron, other.text)
        bare = replace(full, answered="", references=(), index=False)
        kinds = {
            "a second question of the same day": Reply(self.patron, third.subject, third.text),
            "a subject that says nothing": Reply(self.patron, self.tongue.nothing, other.more),
            "an old mail taken for a new question": replace(full, subject=other.subject),
            "the same subject once more, another question": Reply(self.patron, self.tongue.nothing, third.text),
            "a stranger with the same subject": replace(bare, sender=f"s{self.number}@other{self.number}.example",
                                                        text=other.text),
            "the spouse answers our letter": replace(full, sender=f"spouse@house{self.number}.example"),
            "the neighbour's answer without ids": replace(bare, sender=f"next@house{self.number}.example"),
            "the number of the case in a subject": Reply(f"n{self.number}@elsewhere{self.number}.example",
                                                         f"Re: {ref}", other.text),
        }  # fmt: skip
        return dict(list(kinds.items())[(self.number // len(TONGUES) + self.number) % 2 :: 2])


def talks() -> list[Talk]:
    """Every program in every language, and over its languages in every way."""
    ways = list(WAYS)
    return [
        Talk(number, tongue, program, ways[(number // len(TONGUES) + number) % len(ways)])
        for number, (program, tongue) in enumerate((p, t) for p in PROGRAMS for t in TONGUES)
    ]


@pytest.fixture
def settings() -> Settings:
    loaded = load(CONFIG, {"ASK_PASSWORD": "x"})
    return replace(loaded, worker=replace(loaded.worker, letters_per_mailbox_per_hour=100_000))


def test_no_answer_goes_astray_and_hardly_one_is_missed(settings: Settings, tmp_path: Path) -> None:
    desk, told = Desk(settings, tmp_path), talks()
    begun = desk.gets([raw(talk.opening(), talk.number, desk.now) for talk in told])
    refs = {talk.number: ref_of(one) for talk, one in zip(told, begun, strict=True)}
    letters = desk.letters()
    near = [decoy for talk in told for decoy in talk.decoys(letters[talk.patron], refs[talk.number]).items()]
    desk.now += timedelta(hours=3)
    apart = desk.gets([raw(mail, 10_000 + at, desk.now) for at, (_, mail) in enumerate(near)])
    desk.now += timedelta(hours=1)
    answers = desk.gets([raw(talk.answer(letters[talk.patron]), 1_000 + talk.number, desk.now) for talk in told])
    desk.now += timedelta(hours=1)
    again = desk.gets([raw(talk.same_subject(), 2_000 + talk.number, desk.now) for talk in told])

    merged = Counter(kind for (kind, _), one in zip(near, apart, strict=True) if not is_new(one))
    merged["the first subject, another question"] += sum(not is_new(one) for one in again)
    pairs = list(zip(told, answers, strict=True))
    astray = [talk for talk, one in pairs if not is_new(one) and ref_of(one) != refs[talk.number]]
    missed = [f"{talk.program.name}, {talk.tongue.code}, {talk.way}" for talk, one in pairs if is_new(one)]
    right = 1 - (len(missed) + len(astray)) / len(told)
    print(f"{len(told)} answers of {len(PROGRAMS)} programs in {len(TONGUES)} languages: {right:.1%} continued rightly")
    print(f"{len(near) + len(again)} near misses, {merged.total()} merged: {dict(+merged)}")
    print(f"answers in a wrong case: {len(astray)}; answers that opened a new one: {missed}")
    assert not +merged
    assert astray == []
    assert right >= 0.98


def is_new(handled: Handled) -> bool:
    """Whether a case was opened for it."""
    return handled.decision.case is not None and handled.decision.was is None


def ref_of(handled: Handled) -> str:
    """The reference of the case it went to."""
    assert handled.decision.case is not None, handled.decision.why
    return handled.decision.case.ref
