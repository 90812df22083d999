"""What the library's own mail teaches: labelled texts of the store as examples for the classifier, and how they go.

Joins the store to ``classify``; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.classify import Example, Question, Source, open_encoder
from mailbot.classify.text import links_in
from mailbot.errors import MailbotError, ModelError
from mailbot.log import Event, note
from mailbot.mail.addresses import first_address
from mailbot.settings import Settings
from mailbot.store import Forgotten, Labelled, Store

if TYPE_CHECKING:
    from mailbot.classify.encoder import Encoder
    from mailbot.classify.training import Recent, Training

LATELY = timedelta(days=7)
SOURCES = {
    "correction": Source.CORRECTION,
    "link": Source.CONFIRMATION,
    "words": Source.CONFIRMATION,
    "answer": Source.CONFIRMATION,
    "import": Source.IMPORT,
}


def train(
    settings: Settings, models: Path, data: Sequence[Example] = (), *, now: datetime, if_new: bool = False
) -> Training | None:
    """Fits a candidate on all that is known by now, and promotes it if it passes the gate.

    None where nothing is new since the serving version was fitted and only news were wanted.
    """
    from mailbot.classify.train import is_news
    from mailbot.classify.train import train as train_now

    encoder = open_encoder(settings.classify.encoder, models)
    departments, routing = settings.library.departments, settings.routing
    store = Store.rehearsal(settings.store.url)
    try:
        examples = [*examples_in(store, encoder), *data]
        recent = _recent(store, now - LATELY)
        if if_new and not is_news(departments, examples, models, routing.precision, routing.start, encoder):
            return None
    finally:
        store.close()
    found = train_now(
        departments,
        examples,
        models,
        at=now.astimezone(settings.library.timezone),
        precision=routing.precision,
        start=routing.start,
        encoder=encoder,
        recent=recent,
    )
    note(Event.MODEL_TRAINED, version=found.version, promoted=found.promoted, labels=len(examples))
    return found


def _recent(store: Store, since: datetime) -> list[Recent]:
    """The questions that began a case since then."""
    from mailbot.classify.training import Recent

    with store.reading() as session:
        return [
            Recent(Question(one.subject, one.text, links=links_in(one.text), language=one.language), one.summary)
            for one in session.asked(since)
        ]


@dataclass(frozen=True, slots=True)
class Farewell:
    """What was removed of one patron, and the models that go on knowing some of it until they are removed too."""

    address: str
    found: Forgotten
    models: tuple[str, ...]


def forget(store: Store, written: str, models: Path) -> Farewell:
    """Removes all that is on record of whoever has this address. Raises MailbotError where it is no address."""
    address = first_address(written)
    if address is None or "@" not in address.address:
        raise MailbotError(f"{written!r} is no mail address; write it as pat@example.org")
    with store.writing() as session:
        found = session.forget(address.key)
    if not found.nothing:
        note(Event.FORGOTTEN, messages=found.messages, cases=found.cases, labels=len(found.labels))
    store.wipe()
    return Farewell(address.key, found, _taught_by([_example(one) for one in found.labels], models))


def _taught_by(examples: Sequence[Example], folder: Path) -> tuple[str, ...]:
    """The versions that were fitted on any of these, or do not say what they were fitted on."""
    if not examples:
        return ()
    from mailbot.classify import files  # numpy, only when there is something to compare

    digests = {files.example_digest(example) for example in examples}
    found = []
    for version in files.versions(folder):
        try:
            if digests.isdisjoint(files.learned(folder, version)):
                continue
        except ModelError:
            pass  # nobody can tell: better named once too often
        found.append(version)
    return tuple(found)


def examples_in(store: Store, encoder: Encoder | None = None) -> list[Example]:
    """Every labelled text, oldest first; with an encoder, with their vectors, which are kept for the next time."""
    with store.reading() as session:
        found = [_example(one) for one in session.labels("" if encoder is None else encoder.name)]
    return found if encoder is None else _with_vectors(store, encoder, found)


def _with_vectors(store: Store, encoder: Encoder, examples: Sequence[Example]) -> list[Example]:
    from mailbot.classify import embedded

    done = embedded(examples, encoder)
    new = {after.id: after.vector for before, after in zip(examples, done, strict=True) if not before.vector}
    if new:
        with store.writing() as session:
            session.keep_vectors(encoder.name, new)
    return done


def _example(one: Labelled) -> Example:
    return Example(
        Question(one.subject, one.text, language=one.language),
        one.department,
        SOURCES[one.source],
        at=one.at,
        sender=one.writer,
        id=one.id,
        vector=one.vector,
    )
