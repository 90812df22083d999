"""What a letter may say of another case that a new one has to do with: facts, as in ``facts``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mailbot.mail.subjects import comparable
from mailbot.mail.understood import Understood
from mailbot.writing.facts import Fact
from mailbot.writing.letter import Tie
from mailbot.writing.mirror import delicate


class Earlier(Fact):
    """To the patron: their earlier question, of the day ``asked``, is at hand."""

    asked: datetime


class NoteEarlier(Fact):
    """The very old question that this one follows: ``subject`` or "", when it was ``asked``, who had it. ``below``: its
    messages are still kept and travel along.
    """

    subject: str
    asked: datetime
    desk: str
    below: bool


class NoteMaybe(Fact):
    """The question that this one may belong to: ``subject`` or "", when it was ``asked``, who has it."""

    subject: str
    asked: datetime
    desk: str


def subject_shown(tie: Tie, understood: Understood) -> str:
    """The subject of the other case as a note may show it, "" where it may not.

    A note gets quoted in the answer, so that the writer may come to read it: of a delicate case nothing is shown, and
    of another patron's only what the writer's own mail bears.
    """
    subject = tie.case.subject
    whole = replace(understood, subject=subject, text="\n".join(tie.texts), language=tie.case.language)
    if delicate(whole):
        return ""
    own = understood.writer is not None and understood.writer.key == tie.case.patron.key
    return subject if own or comparable(subject) == comparable(understood.subject) else ""
