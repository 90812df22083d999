"""What a page shows of one message, as frozen words: what came, what would have happened and why, the letters.

Holds no raw mail, so that weeks of it fit. Knows neither HTML nor where messages come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailbot.case import ANSWERED, Standing
from mailbot.classify.prediction import Prediction
from mailbot.decision import Decision
from mailbot.library import Library
from mailbot.mail import Kind, Understood
from mailbot.preview import Preview
from mailbot.rehearsal import Played
from mailbot.writing.letter import Letter

BEGINNING = 280  # characters of a message
SUGGESTED, LIKELY = 3, 0.01


class Came(StrEnum):
    """What sort of message it was, in words for people."""

    QUESTION = "new questions"
    FURTHER = "further mails about a question"
    ANSWER = "answers and words of colleagues"
    THANKS = "thanks"
    AUTO_REPLY = "automatic replies"
    BOUNCE = "letters that came back"
    BULK = "lists, newsletters, notices"
    SPAM = "spam"
    OWN = "mail from the mailbox's own address"
    EMPTY = "empty mails"
    COPY = "copies of mails seen before"
    UNREAD = "could not be read"


_BY_KIND = {
    Kind.THANKS: Came.THANKS,
    Kind.AUTO_REPLY: Came.AUTO_REPLY,
    Kind.BOUNCE: Came.BOUNCE,
    Kind.BULK: Came.BULK,
    Kind.SPAM: Came.SPAM,
    Kind.OWN: Came.OWN,
    Kind.EMPTY: Came.EMPTY,
}


class Fate(StrEnum):
    """What would have become of it."""

    ALONE = "sent on without a person"
    TRIAGE = "to triage, with suggestions"
    JOINED = "added to a question that somebody has"
    PERSON = "a person must look"
    QUIET = "left unanswered"
    FAILED = "could not be handled"
    COPY = "a copy, left alone"


@dataclass(frozen=True, slots=True)
class Said:
    """A fact in a letter: what stands before it (blanks), its words, and the record behind it, or ""."""

    before: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter as its reader would see it, paragraph by paragraph."""

    kind: str
    to_patron: bool
    to_name: str
    to_address: str
    language: str
    subject: str
    paragraphs: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One message and all that the bot makes of it. ``place`` is the folder or file it lay in, ``at`` aware.

    ``department`` is the key of whoever gets it, "" for nobody; ``guess`` the key of the best guess, "" for none;
    ``suggestions`` are names with how likely they are (0 to 1), best first. ``ruled``: a link or address of the
    configuration decided. ``lay_with`` is the key of the department whose name the folder bears, or "".
    """

    place: str
    at: datetime
    came: Came
    fate: Fate
    writer: str = ""
    subject: str = ""
    beginning: str = ""
    language: str = ""
    department: str = ""
    guess: str = ""
    confidence: float = 0.0
    sure: bool = False
    ruled: bool = False
    suggestions: tuple[tuple[str, float], ...] = ()
    why: str = ""
    reasons: tuple[str, ...] = ()
    why_not: str = ""
    letters: tuple[ShownLetter, ...] = ()
    lay_with: str = ""


def of_played(one: Played, library: Library) -> Shown:
    """What a rehearsal shows of a message."""
    place, at, handled = one.past.place, one.past.at, one.handled
    if handled is None:
        came, fate = (Came.UNREAD, Fate.FAILED) if one.problem else (Came.COPY, Fate.COPY)
        return Shown(_clean(place), at, came, fate, why=_clean(one.problem))
    lay_with = library.find(place.rpartition("/")[2])
    return _shown(
        place,
        at,
        handled.understood,
        handled.prediction,
        handled.decision,
        handled.letters,
        library,
        lay_with.key if lay_with is not None else "",
    )


def of_preview(one: Preview, library: Library, now: datetime) -> Shown:
    """What is shown of a message that is judged as if it had come now, and first of all."""
    seen = one.inspection
    if seen.problem:
        return Shown(_clean(one.file), now, Came.UNREAD, Fate.FAILED, why=_clean(seen.problem))
    return _shown(one.file, now, seen.understood, seen.prediction, one.decision, one.letters, library)


def _shown(
    place: str,
    at: datetime,
    message: Understood,
    guess: Prediction,
    decision: Decision,
    letters: tuple[Letter, ...],
    library: Library,
    lay_with: str = "",
) -> Shown:
    asked = decision.case is not None and decision.was is None
    return Shown(
        place=_clean(place),
        at=at,
        came=_came(message, decision),
        fate=_fate(decision),
        writer=_clean(str(message.writer.name or message.writer.address)) if message.writer else "",
        subject=_clean(message.subject),
        beginning=_beginning(message.text),
        language=message.language,
        department=decision.case.holder if decision.case is not None else "",
        guess=(guess.department or "") if asked else "",
        confidence=guess.confidence if asked and guess.department else 0.0,
        sure=guess.sure and guess.department is not None,
        ruled=guess.rule is not None,
        suggestions=_suggestions(guess, library),
        why=_clean(decision.why),
        reasons=tuple(_clean(one) for one in guess.reasons),
        why_not=_clean(message.why_not or "") if asked and not message.reachable else "",
        letters=tuple(_letter(one) for one in letters),
        lay_with=lay_with,
    )


def _came(message: Understood, decision: Decision) -> Came:
    if message.kind in _BY_KIND:
        return _BY_KIND[message.kind]
    if decision.case is None or decision.event == ANSWERED or decision.case.patron.key != _key(message):
        return Came.ANSWER
    return Came.QUESTION if decision.was is None else Came.FURTHER


def _key(message: Understood) -> str:
    return message.writer.key if message.writer is not None else ""


def _fate(decision: Decision) -> Fate:
    asked = decision.case is not None and decision.was is None
    by_standing = {
        Standing.ROUTED: Fate.ALONE if asked else Fate.JOINED,
        Standing.HELD: Fate.TRIAGE if asked else Fate.PERSON,
        Standing.ADDED: Fate.JOINED,
        Standing.UNANSWERED: Fate.QUIET,
        Standing.FAILED: Fate.FAILED,
    }
    return by_standing[decision.standing]


def _suggestions(guess: Prediction, library: Library) -> tuple[tuple[str, float], ...]:
    best = [(guess.department, guess.confidence)] if guess.department else []
    best += [(one.department, one.confidence) for one in guess.runners_up if one.confidence >= LIKELY]
    return tuple((library.holder(key).name, chance) for key, chance in best[:SUGGESTED])


def _letter(letter: Letter) -> ShownLetter:
    return ShownLetter(
        kind=letter.kind.value,
        to_patron=letter.to_patron,
        to_name=_clean(letter.to.name),
        to_address=_clean(letter.to.address),
        language=letter.language,
        subject=_clean(letter.subject),
        paragraphs=_paragraphs(letter),
    )


def _paragraphs(letter: Letter) -> tuple[tuple[Said, ...], ...]:
    """The letter's text, fact by fact, each with the record behind it; the facts stand in it in this order."""
    found: list[list[Said]] = [[]]
    at = 0
    for words, source in letter.sources:
        begins = letter.text.find(words, at)
        if begins < 0:
            continue
        before = letter.text[at:begins]
        if "\n\n" in before and found[-1]:
            found.append([])
        found[-1].append(Said(_clean(before).strip("\n") if not found[-1] else _clean(before), _clean(words), source))
        at = begins + len(words)
    if rest := letter.text[at:].strip():
        found.append([Said("", _clean(rest), "")])
    return tuple(tuple(each) for each in found if each)


def _beginning(text: str) -> str:
    flat = _clean(" ".join(text[: 4 * BEGINNING].split()))
    return flat if len(flat) <= BEGINNING else f"{flat[:BEGINNING].rsplit(' ', 1)[0]} …"


def _clean(text: str) -> str:
    """Without what no page can hold: control characters and halves of characters."""
    return "".join(c if c.isprintable() or c in "\n\t  " else "�" for c in text)
