"""A story as it is written (``tests/riverbend/stories/*.toml``) and as frozen values.

How to write one stands at the top of ``performing-editions.toml``. A key that this file does not know is a
mistake in the story: nothing that a story demands is passed over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")

STORIES = Path(__file__).resolve().parent.parent / "riverbend" / "stories"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the story; ``department`` is the key of their department, "" for patrons and machines."""

    key: str
    name: str
    address: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a step's mail says. ``answers`` is the id of a letter that left earlier."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...]
    answers: str
    quotes: bool


@dataclass(frozen=True, slots=True)
class Assumed:
    """The guess that the story needs, whatever the model of the day would say."""

    department: str
    sure: bool
    runners_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpectedLetter:
    """A letter that must leave. Each of ``says`` holds alternatives, one of which must be in it."""

    id: str
    kind: str
    to: str
    says: tuple[tuple[str, ...], ...]
    says_not: tuple[str, ...]
    subject: str | None
    between: tuple[datetime, datetime] | None
    carries: tuple[int, ...]
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Then:
    """What must be true after a step; None where the story says nothing about it."""

    kind: str | None
    answerable: bool | None
    writer: str | None
    passed_on_by: str | None
    urgent: bool | None
    case: str | None
    holder: str | None
    state: str | None
    promise: datetime | None
    label: str | None
    accounted: str | None
    letters: tuple[ExpectedLetter, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One mail that arrives, or one moment that passes. ``reaches``: "mailbox", "elsewhere" or "nothing"."""

    n: int
    at: datetime
    what: str
    reaches: str
    mail: Mail | None
    assume: Assumed | None
    then: Then | None


@dataclass(frozen=True, slots=True)
class Story:
    """A conversation. ``variants`` are (step, what is different about its mail)."""

    name: str
    title: str
    never: tuple[str, ...]
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    variants: tuple[tuple[int, str], ...]

    def person(self, who: str) -> Person:
        """Somebody by key or by address; a bare address is a person without a name."""
        known = (person for person in self.people if who in (person.key, person.address))
        return next(known, Person(who, "", who))


def read_story(name: str, folder: Path = STORIES) -> Story:
    """The story of that name. Raises ValueError where the file holds a key that means nothing."""
    table = dict(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
    table.pop("about", None)
    story = Story(
        name=name,
        title=table.pop("title"),
        never=tuple(table.pop("never", ())),
        people=tuple(Person(**entry) for entry in table.pop("people", ())),
        steps=tuple(_step(dict(entry)) for entry in table.pop("steps")),
        variants=tuple((entry["step"], entry["what"]) for entry in table.pop("variants", ())),
    )
    return _emptied(table, story)


def _step(entry: dict[str, Any]) -> Step:
    mail, assume, then = entry.pop("mail", None), entry.pop("assume", None), entry.pop("then", None)
    step = Step(
        n=entry.pop("n"),
        at=entry.pop("at"),
        what=entry.pop("what"),
        reaches=entry.pop("reaches", "mailbox"),
        mail=None if mail is None else _mail(dict(mail)),
        assume=None if assume is None else _assumed(dict(assume)),
        then=None if then is None else _then(dict(then)),
    )
    return _emptied(entry, step)


def _mail(entry: dict[str, Any]) -> Mail:
    mail = Mail(
        sender=entry.pop("from"),
        to=tuple(entry.pop("to")),
        cc=tuple(entry.pop("cc", ())),
        subject=entry.pop("subject"),
        text=entry.pop("text"),
        headers=_headers(entry.pop("headers", {})),
        answers=entry.pop("answers", ""),
        quotes=entry.pop("quotes", False),
    )
    return _emptied(entry, mail)


def _assumed(entry: dict[str, Any]) -> Assumed:
    assumed = Assumed(entry.pop("department"), entry.pop("sure"), tuple(entry.pop("runners_up", ())))
    return _emptied(entry, assumed)


def _then(entry: dict[str, Any]) -> Then:
    letters = tuple(_letter(dict(letter)) for letter in entry.pop("letters", ()))
    plain = ("kind", "answerable", "writer", "passed_on_by", "urgent", "case", "holder", "state", "promise", "label")
    then = Then(**{key: entry.pop(key, None) for key in (*plain, "accounted")}, letters=letters)
    return _emptied(entry, then)


def _letter(entry: dict[str, Any]) -> ExpectedLetter:
    between = entry.pop("between", None)
    letter = ExpectedLetter(
        id=entry.pop("id"),
        kind=entry.pop("letter"),
        to=entry.pop("to"),
        says=tuple((one,) if isinstance(one, str) else tuple(one) for one in entry.pop("says", ())),
        says_not=tuple(entry.pop("says_not", ())),
        subject=entry.pop("subject", None),
        between=None if between is None else (between[0], between[1]),
        carries=tuple(entry.pop("carries", ())),
        headers=_headers(entry.pop("headers", {})),
    )
    return _emptied(entry, letter)


def _headers(table: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(table.items())


def _emptied(entry: Mapping[str, object], made: Made) -> Made:
    if entry:
        raise ValueError(f"the story says what nobody checks: {', '.join(entry)}")
    return made
