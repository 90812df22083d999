"""What came of many messages, counted: by sort, by department, by how sure the bot was; and in which order to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.library import Library
from mailbot.page.shown import Came, Fate, Shown

BANDS = ((0.95, "95% and more"), (0.85, "85 to 95%"), (0.7, "70 to 85%"), (0.5, "50 to 70%"), (0.0, "below 50%"))
RULED, NO_GUESS = "by a link or address", "no guess"


@dataclass(frozen=True, slots=True)
class Desk:
    """One department: how many new questions it would have got alone, and how many that went to triage with it as the
    first suggestion. ``name`` is "" for those at triage without one.
    """

    name: str
    alone: int
    suggested: int

    @property
    def questions(self) -> int:
        """All of them."""
        return self.alone + self.suggested


@dataclass(frozen=True, slots=True)
class Band:
    """New questions by how sure the bot was of its best guess, and how many of them it would have sent on alone."""

    name: str
    questions: int
    alone: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """New questions that lay in a folder named after a department: in how many that was the best guess, how many were
    sent on alone, and how many of these to that department.
    """

    questions: int
    guessed: int
    alone: int
    right: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums. ``unwritten`` are new questions whose writer would have got no letter."""

    messages: int
    came: tuple[tuple[str, int], ...]
    fates: tuple[tuple[str, int], ...]
    questions: int
    unwritten: int
    desks: tuple[Desk, ...]
    bands: tuple[Band, ...]
    to_patrons: int
    to_staff: int
    failed: tuple[Shown, ...]
    agreement: Agreement

    @classmethod
    def of(cls, shown: Sequence[Shown], library: Library) -> Tally:
        """The sums of all that is shown."""
        came, fates = Counter(one.came for one in shown), Counter(one.fate for one in shown)
        asked = [one for one in shown if one.fate in (Fate.ALONE, Fate.TRIAGE)]
        letters = [letter.to_patron for one in shown for letter in one.letters]
        return cls(
            messages=len(shown),
            came=tuple((each.value, came[each]) for each in Came if came[each]),
            fates=tuple((each.value, fates[each]) for each in Fate if fates[each]),
            questions=len(asked),
            unwritten=sum(not any(letter.to_patron for letter in one.letters) for one in asked),
            desks=_desks(asked, library),
            bands=_bands(asked),
            to_patrons=sum(letters),
            to_staff=len(letters) - sum(letters),
            failed=tuple(one for one in shown if one.fate is Fate.FAILED),
            agreement=_agreement(asked),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """Messages that are read together; ``anchor`` is unique on the page."""

    anchor: str
    title: str
    about: str
    shown: tuple[Shown, ...]


def sections(shown: Sequence[Shown], library: Library) -> tuple[Section, ...]:
    """All that is shown, in the order in which it is read; nothing stands for itself where there is none of it."""
    triage = library.triage.name
    found = [
        Section(
            f"to-{number}",
            one.name,
            f"{one.name} would have got these without a person having looked.",
            tuple(each for each in shown if each.fate is Fate.ALONE and each.department == one.key),
        )
        for number, one in enumerate(library.departments)
    ]
    for fate, title, about in (
        (Fate.TRIAGE, f"Left to {triage} to decide", "Not sure enough; the patron would have been told just that."),
        (Fate.JOINED, "Added to a question", "The patron, or a colleague, wrote about a question that somebody has."),
        (Fate.PERSON, "For a person to look at", "What to do could not be told."),
        (Fate.QUIET, "Left unanswered", "Nobody waits for an answer: robots, lists, thanks."),
        (Fate.FAILED, "Could not be handled", "Each with the reason."),
        (Fate.COPY, "Copies", "Seen before in another place, and left alone."),
    ):
        found.append(Section(fate.name.lower(), title, about, tuple(each for each in shown if each.fate is fate)))
    return tuple(one for one in found if one.shown)


def _desks(asked: Sequence[Shown], library: Library) -> tuple[Desk, ...]:
    alone = Counter(one.department for one in asked if one.fate is Fate.ALONE)
    suggested = Counter(one.guess for one in asked if one.fate is Fate.TRIAGE)
    desks = [Desk(each.name, alone[each.key], suggested[each.key]) for each in library.departments]
    return (*desks, *([Desk("", 0, suggested[""])] if suggested[""] else []))


def _bands(asked: Sequence[Shown]) -> tuple[Band, ...]:
    counted, alone = Counter(map(_band, asked)), Counter(_band(one) for one in asked if one.fate is Fate.ALONE)
    names = (RULED, *(name for _, name in BANDS), NO_GUESS)
    return tuple(Band(name, counted[name], alone[name]) for name in names if counted[name])


def _band(one: Shown) -> str:
    if one.ruled:
        return RULED
    if not one.guess:
        return NO_GUESS
    return next(name for least, name in BANDS if one.confidence >= least)


def _agreement(asked: Sequence[Shown]) -> Agreement:
    lay = [one for one in asked if one.lay_with]
    alone = [one for one in lay if one.fate is Fate.ALONE]
    return Agreement(
        questions=len(lay),
        guessed=sum(one.guess == one.lay_with for one in lay),
        alone=len(alone),
        right=sum(one.department == one.lay_with for one in alone),
    )
