"""All the sample mail of the library, in over IMAP at once: each message accounted for, each patron told once."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from mailbot.classify import Classifier
from mailbot.settings import Settings, load
from mailbot.worker import Worker
from tests.servers import Dovecot, SmtpSink
from tests.stories.books import Booked, Books
from tests.stories.letters import comparable, parsed, whole_text
from tests.stories.player import CONFIG, ENVIRON, FOLDER_OF

pytestmark = pytest.mark.xdist_group("sample mail")  # one run serves all of them
SAMPLE = Path(__file__).resolve().parent.parent / "riverbend" / "mail.jsonl"
NOW = datetime(2027, 2, 2, 16, 0, tzinfo=UTC)
FORMS = ("noreply-forms@riverbend.example",)
SILENT_THANKS = {"m120", "m175"}
"""Thanks without a word of thanks, for answers that were never given here: a person reads them as an addition."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample mail: as it is written, and what the label file says of it."""

    id: str
    writer: str
    text: str
    tags: frozenset[str]
    raw: bytes

    @property
    def message_id(self) -> str:
        return f"<{self.id}@sample.example>"

    @property
    def is_question(self) -> bool:
        return not self.tags & {"thanks", "spam"}


def samples() -> list[Sample]:
    return [_sample(json.loads(line)) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


def _sample(entry: Mapping[str, str]) -> Sample:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = Address(entry["from_name"], addr_spec=entry["from_address"])
    message["To"] = entry["to"]
    message["Subject"] = entry["subject"]
    message["Date"] = format_datetime(NOW)
    message["Message-ID"] = f"<{entry['id']}@sample.example>"
    message.set_content(entry["text"])
    return Sample(entry["id"], entry["from_address"], entry["text"], frozenset(entry["tags"]), message.as_bytes())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the world sees after the first run and after another: letters by (cause, kind), folders, records."""

    letters: Mapping[str, list[tuple[str, str]]]
    carried: Mapping[str, str]
    first: tuple[int, Mapping[str, int], list[Booked]]
    second: tuple[int, Mapping[str, int], list[Booked]]
    inbox: int


@pytest.fixture(scope="module")
def outcome(dovecot: Dovecot, classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The sample mail, played through once, and then a worker that finds it all done."""
    user = dovecot.new_user()
    dovecot.put(user, *(sample.raw for sample in samples()))
    with SmtpSink() as sink:
        settings = _settings(dovecot, user, sink, tmp_path_factory.mktemp("sample"))
        first = _run(settings, classifier, dovecot, user, sink)
        second = _run(settings, classifier, dovecot, user, sink)
        letters: dict[str, list[tuple[str, str]]] = defaultdict(list)
        carried: dict[str, str] = {}
        for one in sink.received:
            letter = parsed(one)
            letters[letter["In-Reply-To"]].append((letter["X-Mailbot-Letter"], one.recipients[0]))
            if letter["X-Mailbot-Letter"] == "forward":
                carried[letter["In-Reply-To"]] = comparable(whole_text(letter))
    return Outcome(letters, carried, first, second, len(dovecot.messages(user)))


def _settings(dovecot: Dovecot, user: str, sink: SmtpSink, folder: Path) -> Settings:
    settings = load(CONFIG, ENVIRON)
    mailbox = replace(settings.mailboxes[0], imap=dovecot.server(user), smtp=sink.server())
    store = replace(settings.store, url=f"sqlite:///{folder / 'sample.db'}")
    library = replace(settings.library, forms=FORMS)
    return replace(settings, library=library, mailboxes=(mailbox,), store=store)


def _run(
    settings: Settings, classifier: Classifier, dovecot: Dovecot, user: str, sink: SmtpSink
) -> tuple[int, Mapping[str, int], list[Booked]]:
    with Worker.open(settings, classifier=classifier, environ=ENVIRON, clock=lambda: NOW) as worker:
        assert worker.run_once().problems == ()
    books = Books(settings.store.url)
    booked = books.booked()
    assert books.letters_unsent() == []
    books.close()
    folders = {name: len(dovecot.messages(user, name)) for name in dovecot.folders(user)}
    return len(sink.received), folders, booked


def test_every_uid_is_accounted_for_and_filed(outcome: Outcome) -> None:
    _, folders, booked = outcome.first
    assert len(booked) == len(samples()) == 330
    assert [one for one in booked if one.standing is None or not one.filed] == []
    assert {name: count for name, count in folders.items() if count} == Counter(
        FOLDER_OF[one.standing] for one in booked if one.standing
    )
    assert [one.why for one in booked if one.standing == "failed"] == []
    assert outcome.inbox == 0


def test_each_question_is_forwarded_once_with_all_its_words(outcome: Outcome) -> None:
    wrong = {}
    for sample in samples():
        if sample.is_question:
            forwards = [to for kind, to in outcome.letters[sample.message_id] if kind == "forward"]
            whole = comparable(sample.text) in outcome.carried.get(sample.message_id, "")
            if len(forwards) != 1 or not whole:
                wrong[sample.id] = (forwards, "whole" if whole else "not whole")
    assert wrong == {}


def test_each_question_is_acknowledged_once_to_its_writer(outcome: Outcome) -> None:
    wrong = {}
    for sample in samples():
        if sample.is_question:
            told = [(k, to) for k, to in outcome.letters[sample.message_id] if k in ("acknowledgement", "update")]
            writer = "winge@example.net" if "form" in sample.tags else sample.writer
            if [to for _, to in told] != [writer]:
                wrong[sample.id] = told
    assert wrong == {}


def test_no_robot_answers_a_thank_you(outcome: Outcome) -> None:
    answered = {
        sample.id: sample.text
        for sample in samples()
        if "thanks" in sample.tags
        and sample.id not in SILENT_THANKS
        and sample.writer in {to for _, to in outcome.letters[sample.message_id]}
    }
    assert answered == {}


def test_running_again_changes_nothing(outcome: Outcome) -> None:
    assert outcome.second == outcome.first
