"""The values that go into and come out of classification. Imports nothing heavy: everyone may use these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """What a patron wrote, as far as it says where it belongs.

    ``text`` is the new text of the case so far, newest message first; ``links`` the newest message's URLs;
    ``addresses`` the addresses the mail was written to or came from (for address rules), lower case;
    ``hint`` what a colleague wrote on top when passing it on, ``named`` the keys of the departments that they named
    there, ``certain`` whether they left no doubt. ``request`` are those of the words in ``text`` that carry what is
    wanted, "" where that is not known.
    """

    subject: str
    text: str
    links: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    hint: str = ""
    named: tuple[str, ...] = ()
    certain: bool = False
    language: str = ""
    request: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """A department's key and the calibrated probability (0 to 1) that the message belongs there."""

    department: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Also:
    """A second request in the same message, for another department; ``words`` are its own, as they stand there."""

    department: str
    words: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best guess and why. ``department`` is None where nothing fits (no department covers it).

    ``sure`` means: right often enough to route without a person (the target precision). ``rule`` is the link or
    address pattern of the config that decided, as it stands in the message, or None where the model did.
    ``suggestions`` are departments, best first, among which the right one is as often as promised.
    ``words`` are the patron's own words and phrases that made the difference, strongest first; ``against``
    the words that spoke for the first runner-up. ``also`` is a second request for somebody else. ``named`` are the
    keys of departments that a colleague named who passed it on. ``similar`` are the ids of earlier labelled messages
    most like it. ``about`` names the offers and questions of the directory (``library.advice_name``) that are about
    what the message is about, and its request alone where that tells; None where nothing tells. ``provisional``:
    nothing that the library taught stands behind ``sure`` yet. ``reasons`` are whole lines for people, built from
    these. ``model`` is the version that guessed.
    """

    department: str | None
    confidence: float
    sure: bool
    runners_up: tuple[Guess, ...] = ()
    suggestions: tuple[str, ...] = ()
    rule: str | None = None
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    also: Also | None = None
    named: tuple[str, ...] = ()
    similar: tuple[int, ...] = ()
    about: tuple[str, ...] | None = None
    reasons: tuple[str, ...] = ()
    provisional: bool = False
    model: str = ""


@dataclass(frozen=True, slots=True)
class Guessed:
    """A guess about the message that a case began with, on record: which department ("" for none), how sure, by a rule
    of the config or by which model; and what came of it: whether it was right, None where nobody has said.
    """

    at: datetime
    department: str
    confidence: float
    sure: bool
    ruled: bool
    model: str
    right: bool | None = None


class Classifier(Protocol):
    """Whatever can guess departments: one prediction a question, in order."""

    def predict(self, questions: Sequence[Question]) -> list[Prediction]: ...
