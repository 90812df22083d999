"""What the library's own corrections teach: labelled messages of the store as examples for the classifier.

Joins the store to ``classify``; decides nothing.
"""

from __future__ import annotations

from mailbot.classify import Example, Question, Source
from mailbot.store import Labelled, Store

SOURCES = {"correction": Source.CORRECTION, "link": Source.CONFIRMATION}


def examples_in(store: Store) -> list[Example]:
    """Every labelled message that is still on record, oldest first."""
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
