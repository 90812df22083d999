"""Plays a story through the real worker and real servers, with a clock that the story drives, and checks all it says.

    Player(read_story("performing-editions"), post, settings, classifier).play()

A step that does not come out as told raises ``StoryBroken`` with every difference and the letters as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from mailbot.classify import Classifier, Guess, Prediction, Question
from mailbot.recording import Handled
from mailbot.settings import Settings, load
from mailbot.worker import Worker
from mailbot.writing import urgent
from tests.stories.books import Booked, Books
from tests.stories.letters import comparable, parsed, plain_text, whole_text
from tests.stories.mails import VARIANTS, Before, Posted, written
from tests.stories.posts import FOLDERS, PASSWORD, Post
from tests.stories.story import Assumed, ExpectedLetter, Step, Story, Then

CONFIG = Path(__file__).resolve().parent.parent.parent / "config"
TICK = timedelta(hours=1)
ENVIRON = {"ASK_PASSWORD": PASSWORD}
FOLDER_OF = {
    "routed": FOLDERS.routed,
    "added": FOLDERS.routed,
    "held": FOLDERS.held,
    "unanswered": FOLDERS.unanswered,
    "failed": FOLDERS.failed,
}


class StoryBroken(AssertionError):
    """A step that came out otherwise than the story tells."""


def settings_for(post: Post, folder: Path) -> Settings:
    """The shipped sample library, with its one mailbox on these servers and an empty store in ``folder``."""
    settings = load(CONFIG, ENVIRON)
    mailbox = replace(settings.mailboxes[0], imap=post.imap, smtp=post.smtp)
    store = replace(settings.store, url=f"sqlite:///{folder / 'story.db'}")
    return replace(settings, mailboxes=(mailbox,), store=store)


@dataclass(slots=True)
class Assuming:
    """A classifier that says what the step assumes, and what the real one says where it assumes nothing."""

    real: Classifier
    assumed: Assumed | None = None

    def predict(self, questions: Sequence[Question]) -> list[Prediction]:
        """One prediction a question, in order."""
        predictions = self.real.predict(questions)
        return predictions if self.assumed is None else [_as_assumed(one, self.assumed) for one in predictions]


def _as_assumed(real: Prediction, assumed: Assumed) -> Prediction:
    others = assumed.runners_up or tuple(
        key for key in (real.department, *(guess.department for guess in real.runners_up)) if key
    )
    runners_up = [key for key in others if key != assumed.department]
    rest = 0.03 if assumed.sure else 0.3
    return Prediction(
        department=assumed.department,
        confidence=0.96 if assumed.sure else 0.4,
        sure=assumed.sure,
        runners_up=tuple(Guess(key, rest / (place + 1)) for place, key in enumerate(runners_up)),
        words=real.words if real.department == assumed.department else (),
    )


def _right_guess(step: Step) -> Assumed | None:
    if step.then is None or step.then.case != "new" or step.then.holder is None:
        return None
    return Assumed(step.then.holder, sure=step.then.accounted == "routed", runners_up=())


@dataclass(frozen=True, slots=True)
class Left:
    """A letter that left, and when by the story's clock."""

    letter: EmailMessage
    recipients: tuple[str, ...]
    sender: str
    at: datetime

    @property
    def kind(self) -> str:
        """The contract's ``X-Mailbot-Letter``."""
        return str(self.letter["X-Mailbot-Letter"])

    @property
    def to(self) -> str:
        """Whom the letter itself names."""
        return ", ".join(address.lower() for _, address in getaddresses(self.letter.get_all("To", [])))


@dataclass(slots=True)
class Player:
    """Plays one story once. ``variant`` is one of the story's: the step, and what is different about its mail.

    With ``guess_right`` the first guess about each new question is the right one, so that a story shows all that
    comes after it, whatever the model of the day would say.
    """

    story: Story
    post: Post
    settings: Settings
    classifier: Classifier
    variant: tuple[int, str] | None = None
    guess_right: bool = False
    now: datetime = field(init=False)
    _mails: dict[int, Posted] = field(default_factory=dict)
    _letters: dict[str, EmailMessage] = field(default_factory=dict)
    _heard: list[Handled] = field(default_factory=list)
    _seen: int = 0
    _case: int = 0
    _filed: list[str] = field(default_factory=list)

    def play(self) -> None:
        """From top to bottom. Raises StoryBroken at the first step that comes out otherwise."""
        __tracebackhide__ = True
        self.now = self.story.steps[0].at
        assuming = Assuming(self.classifier)
        books = Books(self.settings.store.url)
        try:
            with Worker.open(
                self.settings, classifier=assuming, environ=ENVIRON, clock=lambda: self.now, heard=self._heard.append
            ) as worker:
                for step in self.story.steps:
                    assuming.assumed = step.assume or (_right_guess(step) if self.guess_right else None)
                    self._play(step, worker, books)
        finally:
            books.close()

    def _play(self, step: Step, worker: Worker, books: Books) -> None:
        __tracebackhide__ = True
        before = books.booked()[-1].receipt if books.booked() else 0
        labels = books.last_label()
        self._heard.clear()
        if step.mail is not None:
            self._mails[step.n] = self._written(step)
            if step.reaches == "mailbox":
                self.post.arrives(self._mails[step.n].raw)
        left = self._work(step, worker) if step.reaches != "elsewhere" else []
        if step.then is not None:
            problems = [
                *self._misbooked(step, step.then, books.booked(before), books, labels),
                *self._misunderstood(step.then),
                *self._wrong_letters(step.then, left),
                *(f"not sent: {line}" for line in books.letters_unsent()),
            ]
            if problems:
                raise StoryBroken(_report(self.story, step, problems, left))

    def _written(self, step: Step) -> Posted:
        how = VARIANTS[self.variant[1]] if self.variant and self.variant[0] == step.n else written
        return how(step, Before(self.story, self._mails, self._letters))

    def _work(self, step: Step, worker: Worker) -> list[Left]:
        """Lets the worker run at the step's moment, and on the way there where only time passes."""
        left: list[Left] = []
        for moment in self._moments(step):
            self.now = moment
            problems = worker.run_once().problems
            assert not problems, f"step {step.n}: {problems}"
            received = self.post.left()
            new, self._seen = received[self._seen :], len(received)
            left += [Left(parsed(one), one.recipients, one.sender, moment) for one in new]
        return left

    def _moments(self, step: Step) -> Iterator[datetime]:
        if step.reaches == "nothing":
            moment = self.now + TICK
            while moment < step.at:
                yield moment
                moment += TICK
        yield step.at

    # -- records ----------------------------------------------------------------------------------------------------

    def _misbooked(self, step: Step, then: Then, booked: Sequence[Booked], books: Books, labels: int) -> Iterator[str]:
        if step.reaches == "mailbox":
            if len(booked) != 1:
                yield f"one new UID on record: there are {len(booked)}"
                return
            yield from self._misfiled(then, booked[0])
            yield from self._wrong_case(then, booked[0].case)
            self._case = booked[0].case or self._case
        elif booked:
            yield f"nothing arrived, yet {len(booked)} UIDs were booked"
        if self._case and then.case != "none":
            yield from _wrong_record(then, books, self._case)
        learned = books.labels(labels)
        if then.label is not None and learned != ({then.label} - {"none"}):
            yield f"label: expected {then.label}, kept is {', '.join(sorted(learned)) or 'nothing'}"
        if then.label is None and learned:
            yield f"label: the story tells of none, kept is {', '.join(sorted(learned))}"

    def _misfiled(self, then: Then, booked: Booked) -> Iterator[str]:
        if then.accounted is not None and booked.standing != then.accounted:
            yield f"accounted: expected {then.accounted}, is {booked.standing} ({booked.why})"
        if not booked.filed:
            yield "the message is not filed"
        self._filed.append(FOLDER_OF[booked.standing or "failed"])
        lie = {name: count for name, count in self.post.folders().items() if count}
        filed = {name: self._filed.count(name) for name in sorted(set(self._filed))}
        if lie != filed:
            yield f"folders: expected {filed}, are {lie}"

    def _wrong_case(self, then: Then, case: int) -> Iterator[str]:
        known = {"new": bool(case) and case != self._case, "same": bool(case) and case == self._case, "none": not case}
        if then.case is not None and not known[then.case]:
            yield f"case: expected {then.case}, before it was {self._case or 'none'}, now {case or 'none'}"

    # -- what was understood ----------------------------------------------------------------------------------------

    def _misunderstood(self, then: Then) -> Iterator[str]:
        if not self._heard:
            return
        one = self._heard[-1].understood
        writer = one.writer.key if one.writer else None
        passed_on_by = one.passed_on_by.key if one.passed_on_by else None
        if then.kind is not None and one.kind != then.kind:
            yield f"kind: expected {then.kind}, is {one.kind.value} ({one.why_not})"
        if then.answerable is not None and one.answerable != then.answerable:
            yield f"answerable: expected {then.answerable}, is {one.answerable} ({one.why_not})"
        if then.writer is not None and writer != self._address(then.writer):
            yield f"writer: expected {self._address(then.writer)}, is {writer}"
        if then.passed_on_by is not None and passed_on_by != self._address(then.passed_on_by):
            yield f"passed_on_by: expected {self._address(then.passed_on_by)}, is {passed_on_by}"
        if then.urgent is not None and urgent(one) != then.urgent:
            yield f"urgent: expected {then.urgent}, is {not then.urgent}"

    def _address(self, who: str) -> str:
        return self.story.person(who).address.lower()

    # -- letters ----------------------------------------------------------------------------------------------------

    def _wrong_letters(self, then: Then, left: Sequence[Left]) -> Iterator[str]:
        unmatched = list(left)
        for expected in then.letters:
            to = self._address(expected.to)
            found = next((one for one in unmatched if (one.kind, one.to) == (expected.kind, to)), None)
            if found is None:
                yield f"letter {expected.id}: no {expected.kind} left for {to}"
                continue
            unmatched.remove(found)
            self._letters[expected.id] = found.letter
            yield from (f"letter {expected.id}: {problem}" for problem in self._wrong(expected, found))
        for one in unmatched:
            yield f"a letter left that the story does not tell of: {one.kind} to {one.to}"
        for one in left:
            yield from (f"{one.kind} to {one.to}: {problem}" for problem in self._breach(one))

    def _wrong(self, expected: ExpectedLetter, left: Left) -> Iterator[str]:
        text = comparable(whole_text(left.letter))
        for alternatives in expected.says:
            if not any(comparable(one) in text for one in alternatives):
                yield f"does not say {' or '.join(map(repr, alternatives))}"
        yield from (f"says {phrase!r}" for phrase in expected.says_not if comparable(phrase) in text)
        if expected.subject is not None and left.letter["Subject"] != expected.subject:
            yield f"subject: expected {expected.subject!r}, is {left.letter['Subject']!r}"
        if expected.between is not None and not expected.between[0] <= left.at <= expected.between[1]:
            yield f"left at {left.at}, not between {expected.between[0]} and {expected.between[1]}"
        for n in expected.carries:
            if any(comparable(piece) not in text for piece in self._mails[n].texts):
                yield f"does not carry the whole of mail {n}"
        for name, value in expected.headers:
            if not _same_header(value, str(left.letter.get(name, ""))):
                yield f"{name}: expected {value!r}, is {left.letter.get(name)!r}"

    def _breach(self, left: Left) -> Iterator[str]:
        """What holds for every letter in every story."""
        if left.recipients != (left.to,):
            yield f"was handed in for {left.recipients}"
        if not left.letter["Message-ID"] or not left.letter["X-Mailbot-Case"]:
            yield "lacks its Message-ID or its case's reference"
        if not self._is_patron(left.to):
            return
        if left.sender:
            yield f"has the envelope sender {left.sender}, so that a robot could answer it"
        text = comparable(plain_text(left.letter))
        yield from (
            f"says what no letter to a patron may: {phrase!r}"
            for phrase in self.story.never
            if comparable(phrase) in text
        )

    def _is_patron(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return domain not in self.settings.library.staff_domains


def _wrong_record(then: Then, books: Books, number: int) -> Iterator[str]:
    case = books.case(number)
    if then.holder is not None and case.holder != then.holder:
        yield f"holder: expected {then.holder}, is {case.holder}"
    if then.state is not None and case.state != then.state:
        yield f"state: expected {then.state}, is {case.state}"
    if then.promise is not None and case.due != then.promise:
        yield f"promise: expected {then.promise}, is {case.due and case.due.astimezone(then.promise.tzinfo)}"


def _same_header(expected: str, found: str) -> bool:
    if "@" in expected:
        return [one.lower() for _, one in getaddresses([expected])] == [one.lower() for _, one in getaddresses([found])]
    return expected.casefold() == found.strip().casefold()


def _report(story: Story, step: Step, problems: Sequence[str], left: Sequence[Left]) -> str:
    lines = [
        f"{story.title}, step {step.n} ({step.at:%a %b %d %H:%M}): {step.what}",
        *(f"  - {one}" for one in problems),
    ]
    for one in left:
        headers = [f"{name}: {value}" for name, value in one.letter.items()]
        lines += ["", f"=== {one.kind} to {one.to}, {one.at:%b %d %H:%M}", *headers, "", plain_text(one.letter)]
    return "\n".join(lines)
