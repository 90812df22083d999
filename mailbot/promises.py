"""Promises, watched: what is to be done about a case because time has passed, and nothing else.

``remind`` is a pure function of the case, what was done about it before, the library and the moment. It knows no
database and no clock; ``reminding`` asks it, and carries out what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.case import Case, State
from mailbot.library import Department, Library, Promise, is_open, promise, reminder_at, seen_from
from mailbot.mail.message import Address
from mailbot.writing.letter import LetterKind, Occasion, Order

GRACE = timedelta(minutes=15)
"""A mail sent at the last moment may be on its way this long before a promise counts as broken."""
REST = timedelta(hours=1)
"""Nobody is reminded of what they heard of just now."""
MOST_BROKEN = 3
"""So many promises broken in a row, and no further one is made: nobody could rely on it."""


NOT_LATER = timedelta(days=3)
"""Nobody is asked about an answer that is longer ago than this when its time has come: an old matter rests."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What was done about a promise: ``NUDGED`` (which department) or ``LATE`` ("": whoever has it), and when.

    ``ASKED``, whether the answer helped, is done once for a case; there ``due`` is the moment at which it was opened.
    ``ORPHANED``: it went to triage, since that department is no longer there.
    """

    occasion: Occasion
    due: datetime
    department: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What the store knows about a case's time.

    ``touched`` is when it last changed hands or grew, ``answered`` when a person last answered it, ``reminded`` what
    was done about its promises. ``messages`` are the ids of the patron's messages, oldest first. ``letters_today``
    counts letters to the patron in the last 24 hours, ``limit`` their greatest number. ``thanked`` is when the patron
    last said thank you, or took the question back; ``delicate`` is true where what they wrote needs care, or hours
    counted, or is not on record. ``unnamed`` are promises that no letter to the patron has named. ``dead`` is true
    where the last letter to them came back for good: their address will take no other.
    """

    touched: datetime
    answered: datetime | None = None
    reminded: tuple[Reminded, ...] = ()
    messages: tuple[int, ...] = ()
    letters_today: int = 0
    limit: int = 10
    thanked: datetime | None = None
    delicate: bool = False
    unnamed: frozenset[datetime] = frozenset()
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Reminding:
    """What is to be done about one case now. ``case`` is the case as it will stand, ``was`` as it stood.

    ``done`` is what the store keeps so that it is done once. ``promise`` is the promise in force, None where none is
    made any more; ``broken`` counts the promises broken in a row that letters had named, 0 where none named this one.
    """

    done: Reminded
    why: str
    case: Case
    was: Case
    orders: tuple[Order, ...]
    promise: Promise | None
    broken: int = 0


def remind(case: Case, past: Past, library: Library, share: float, now: datetime, read: datetime) -> Reminding | None:
    """What is to be done about this case at ``now``, or None.

    ``share`` is the part of a department's time after which it is reminded (1: never). ``read`` is the moment up to
    which every inbox has been read: an answer that still lies there has kept the promise.
    """
    if case.state is not State.OPEN or case.due is None:
        return None
    if now >= case.due:
        return _broken(case, case.due, past, library, now) if read >= case.due + GRACE else None
    if case.holder not in library:
        return _orphaned(case, case.due, past, library, now)
    holder = library.holder(case.holder)
    if share >= 1 or now - past.touched < REST or not is_open(now, holder, library):
        return None
    if now < reminder_at(holder, case.due, share, library) or _done(past, Occasion.NUDGED, case.due, holder.key):
        return None
    return Reminding(
        done=Reminded(Occasion.NUDGED, case.due, holder.key, now),
        why=f"{holder.name} were reminded of what is due at {_told(case.due, library)}",
        case=case,
        was=case,
        orders=(_to_department(LetterKind.NUDGE, Occasion.NUDGED, holder),),
        promise=seen_from(now, case.due, holder, library),
    )


def _orphaned(case: Case, due: datetime, past: Past, library: Library, now: datetime) -> Reminding:
    """The department that has the case is no longer in the directory: it is triage's from now on, with all of it."""
    triage = library.triage
    fresh = promise(triage, now, library)
    tells = _may_tell(case, past)
    return Reminding(
        done=Reminded(Occasion.ORPHANED, due, case.holder, now),
        why=f"{case.holder} is no longer in the directory; {triage.name} have it now",
        case=case.moved(triage.key, fresh.due),
        was=case,
        orders=(
            *((Order(LetterKind.UPDATE, Occasion.ORPHANED, case.patron),) if tells else ()),
            _to_department(LetterKind.FORWARD, Occasion.ORPHANED, triage, *past.messages),
        ),
        promise=fresh,
    )


def follow_up(case: Case, past: Past, days: int, now: datetime) -> Reminding | None:
    """Whether to ask the patron, so many days after an answer (0: never), if it helped. Once; who said thank you is not
    asked, and where the matter is delicate it is only noted that nobody is.
    """
    if not days or case.state is not State.ANSWERED or not case.answerable or past.answered is None:
        return None
    if not timedelta(days=days) <= now - past.answered < timedelta(days=days) + NOT_LATER:
        return None
    if any(one.occasion is Occasion.ASKED for one in past.reminded) or not _may_tell(case, past):
        return None
    quiet = past.delicate or (past.thanked is not None and past.thanked >= past.answered)
    return Reminding(
        done=Reminded(Occasion.ASKED, case.opened, "", now),
        why="the patron was asked whether the answer helped",
        case=case,
        was=case,
        orders=() if quiet else (Order(LetterKind.FOLLOW_UP, Occasion.ASKED, case.patron),),
        promise=None,
    )


def _broken(case: Case, missed: datetime, past: Past, library: Library, now: datetime) -> Reminding | None:
    """The promised moment has passed: the patron hears it once, with a new one; so do those who can mend it."""
    if _done(past, Occasion.LATE, missed, ""):
        return None
    holder = library.holder(case.holder)
    broken = 1 + sum(one.occasion is Occasion.LATE and _since(past, one.at) for one in past.reminded)
    fresh = None if broken >= MOST_BROKEN else _fresh(holder, missed, library, now)
    told = f"the patron was told to expect it by {_told(fresh.due, library)}" if fresh else "no new day was named"
    tells = _may_tell(case, past)
    return Reminding(
        done=Reminded(Occasion.LATE, missed, "", now),
        why=f"not answered by {_told(missed, library)}; {told if tells else 'the patron may not be written to'}",
        case=case if fresh is None else case.promised_anew(fresh.due),
        was=case,
        orders=(
            *((Order(LetterKind.UPDATE, Occasion.LATE, case.patron),) if tells else ()),
            _to_department(LetterKind.NUDGE, Occasion.LATE, holder),
            *_alerts(holder, past, library),
        ),
        promise=fresh,
        broken=_named_and_broken(missed, past),
    )


def _named_and_broken(missed: datetime, past: Past) -> int:
    """How many promises in a row were told and not kept, this one included; 0 where this one was not told."""
    if missed in past.unnamed:
        return 0
    before = (one for one in past.reminded if one.occasion is Occasion.LATE and _since(past, one.at))
    return 1 + sum(one.due not in past.unnamed for one in before)


def _fresh(holder: Department, missed: datetime, library: Library, now: datetime) -> Promise:
    """The new promise: counted from the day that was missed, or from now where too little of that time is left."""
    due = promise(holder, missed, library).due
    if due - now < (due - missed) / 2:
        return promise(holder, now, library)
    return seen_from(now, due, holder, library)


def _alerts(holder: Department, past: Past, library: Library) -> tuple[Order, ...]:
    """To triage and the department's head, each once, with the inquiry; those who have it already hear otherwise."""
    triage, told = library.triage, {holder.email.lower()}
    orders: list[Order] = []
    if triage.email.lower() not in told:
        orders.append(_to_department(LetterKind.ALERT, Occasion.LATE, triage, *past.messages))
        told.add(triage.email.lower())
    if holder.head and holder.head.lower() not in told:
        orders.append(Order(LetterKind.ALERT, Occasion.LATE, Address("", holder.head), carries=past.messages))
    return tuple(orders)


def _may_tell(case: Case, past: Past) -> bool:
    """Whether a letter to the patron may leave, and may arrive."""
    return case.answerable and not past.dead and past.letters_today < past.limit


def _done(past: Past, occasion: Occasion, due: datetime, department: str) -> bool:
    return any((one.occasion, one.due, one.department) == (occasion, due, department) for one in past.reminded)


def _since(past: Past, at: datetime) -> bool:
    """Whether it was after the last answer: who was answered begins anew."""
    return past.answered is None or at > past.answered


def _told(moment: datetime, library: Library) -> str:
    return f"{moment.astimezone(library.timezone):%Y-%m-%d %H:%M}"


def _to_department(kind: LetterKind, occasion: Occasion, department: Department, *carries: int) -> Order:
    return Order(kind, occasion, Address(department.name, department.email), department.key, carries)
