"""What the library's own mail teaches: labelled texts of the store as examples for the classifier, and how they go.

Joins the store to ``classify``; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.classify import Example, Question, Source
from mailbot.errors import MailbotError, ModelError
from mailbot.log import Event, note
from mailbot.mail.addresses import first_address
from mailbot.store import Forgotten, Labelled, Store

SOURCES = {"correction": Source.CORRECTION, "link": Source.CONFIRMATION, "import": Source.IMPORT}


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


def examples_in(store: Store) -> list[Example]:
    """Every labelled text, oldest first."""
    with store.reading() as session:
        return [_example(one) for one in session.labels()]


def _example(one: Labelled) -> Example:
    return Example(
        Question(one.subject, one.text, language=one.language),
        one.department,
        SOURCES[one.source],
        at=one.at,
        sender=one.writer,
    )
