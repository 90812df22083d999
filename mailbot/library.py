"""The library as configured: departments, their hours, the holidays, and what may be promised when.

Owns the directory and the calendar. Pure: knows no file, no clock, no mail; ``now`` is an argument.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

USUAL_HOURS: Mapping[int, tuple[time, time]] = {day: (time(9), time(17)) for day in range(5)}


@dataclass(frozen=True, slots=True)
class Ask:
    """What a good inquiry of a kind needs and patrons forget (`[[departments.asks]]`).

    ``ask``, ``why`` and ``caution`` are by language; ``when`` and ``present`` regular expressions, ignoring case.
    """

    key: str
    ask: Mapping[str, str]
    why: Mapping[str, str]
    when: tuple[str, ...]
    present: tuple[str, ...]
    caution: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a patron can do without waiting for the answer (`[[departments.meanwhile]]`)."""

    about: tuple[str, ...]
    offer: Mapping[str, str]
    link: str
    phone: str


@dataclass(frozen=True, slots=True)
class ReplyWithin:
    """How soon a department answers: so many business days, or so many hours of being open."""

    count: int
    unit: str  # "business days" or "hours"


@dataclass(frozen=True, slots=True)
class Department:
    """One desk. ``hours`` maps weekday (Monday is 0) to (opens, closes); a day not in it is closed.

    ``links`` and ``addresses`` are patterns (``fnmatch``; scheme and ``www.`` left out) that decide by themselves.
    ``looks_after`` by language: a clause that follows the name ("who look after loans"). ``usual_hours`` is true
    where the config gave no hours and the library's usual ones were assumed. ``head`` is the address of whoever hears
    of broken promises beside triage, or "". ``usually`` is the time of being open within which they have answered most
    questions of late, None where that is not known or promises don't follow it. ``reply_mode``: "direct" where they
    write to the patron, "relay" where they answer the mailbox and that is sent on.
    """

    key: str
    name: str
    email: str
    description: str
    examples: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    reply_within: ReplyWithin = ReplyWithin(2, "business days")
    hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    usual_hours: bool = False
    triage: bool = False
    phone: str = ""
    looks_after: Mapping[str, str] = field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    meanwhile: tuple[Offer, ...] = ()
    head: str = ""
    usually: timedelta | None = None
    reply_mode: str = "direct"


def advice_name(department: Department, advice: Ask | Offer) -> str:
    """What one question or offer of a department is called among all of them."""
    return f"{department.key} {advice.key if isinstance(advice, Ask) else advice.link or advice.phone}"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day between now and a promise on which the department is closed; ``holiday`` is its name, or ""."""

    day: date
    holiday: str


@dataclass(frozen=True, slots=True)
class Promise:
    """By when a patron may expect an answer: ``due`` is aware, in the library's time zone, at closing time.

    ``closed`` are the closed days from today on that lie before it, in order. ``open_now`` says
    whether the department is open at the moment the promise is made, ``closes`` until when today.
    """

    due: datetime
    closed: tuple[ClosedDay, ...]
    open_now: bool
    closes: datetime | None


@dataclass(frozen=True, slots=True)
class Urgent:
    """Who else gets grave messages at once: the address ``to``, or "". ``help`` by language: what a patron may do."""

    to: str = ""
    help: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Library:
    """The library. ``addresses`` are all mailbox addresses and aliases, the main one first.

    ``country`` and ``subdivision`` name a calendar of public holidays ("" for none). ``closed`` are further days on
    which all of it is closed, ``open_on`` the public holidays on which it is open all the same. ``lists`` are the
    mailing lists that feed the mailboxes, ``forms`` the From addresses of the library's own web forms. ``urgent`` says
    what happens to grave messages. ``trusted_authserv`` are the names by which its mail servers sign what they found
    out about a sender.
    """

    name: str
    timezone: ZoneInfo
    country: str
    subdivision: str
    language: str
    website: str
    phone: str
    staff_domains: tuple[str, ...]
    addresses: tuple[str, ...]
    departments: tuple[Department, ...]
    lists: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    closed: tuple[date, ...] = ()
    open_on: tuple[str, ...] = ()
    trusted_authserv: tuple[str, ...] = ()
    urgent: Urgent = field(default_factory=Urgent)

    @property
    def triage(self) -> Department:
        """The department that gets what the bot is not sure of."""
        return next(department for department in self.departments if department.triage)

    def department(self, key: str) -> Department:
        """The department of that key. Raises KeyError where there is none."""
        for department in self.departments:
            if department.key == key:
                return department
        raise KeyError(key)

    def holder(self, key: str) -> Department:
        """The department that a case is with; triage where that one is no longer in the directory."""
        return next((department for department in self.departments if department.key == key), self.triage)

    def relays(self, key: str | None) -> bool:
        """Whether what the department of that key answers is sent on by mailbot; false where there is none."""
        return any(department.key == key and department.reply_mode == "relay" for department in self.departments)

    def __contains__(self, key: object) -> bool:
        return any(department.key == key for department in self.departments)

    def find(self, text: str) -> Department | None:
        """The department that ``text`` names by key, name, address or alias, whatever the case, spacing and hyphens."""
        wanted = plain(text)
        for department in self.departments:
            called = (department.key, department.name, department.email, *self.aliases(department))
            if wanted and wanted in map(plain, called):
                return department
        return None

    def aliases(self, department: Department) -> tuple[str, ...]:
        """What a department goes by beside its key and name: the first part of its address, where it means no other."""
        local = department.email.partition("@")[0]
        others = (other for other in self.departments if other is not department)
        taken = {plain(word) for other in others for word in (other.key, other.name, other.email.partition("@")[0])}
        return () if not plain(local) or plain(local) in taken else (local,)

    def nearest(self, text: str) -> Department | None:
        """The department that ``text`` may have meant to name, or None where none comes close. To ask, not to act."""
        wanted = plain(text)
        names = {plain(name): each for each in self.departments for name in (each.name, each.key)}
        begun = {each.key: each for name, each in names.items() if len(wanted) > 2 and name.startswith(wanted)}
        if len(begun) == 1:
            return next(iter(begun.values()))
        close = get_close_matches(wanted, list(names), n=1, cutoff=0.6)
        return names[close[0]] if close else None


def plain(text: str) -> str:
    """A name as it is compared: letters and digits only, without case or accents, "&" as "and"."""
    spelt = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    return "".join(character for character in spelt if character.isalnum())


def has_calendar(country: str, subdivision: str = "") -> bool:
    """Whether public holidays are known for this ISO 3166 country and part of it."""
    import holidays  # slow to import: commands that need no calendar do without

    try:
        holidays.country_holidays(country, subdiv=subdivision or None)
    except (NotImplementedError, AttributeError, KeyError):
        return False
    return True


def subdivisions(country: str) -> tuple[str, ...]:
    """The parts of a country that have calendars of their own."""
    import holidays  # slow to import: commands that need no calendar do without

    return tuple(holidays.list_supported_countries().get(country, ()))


def holiday_names(country: str, subdivision: str, language: str) -> frozenset[str]:
    """What the public holidays are called; one that falls on another day in its place goes by the same name."""
    years = range(2024, 2036)  # long enough to meet each holiday, also one that depends on the weekday
    return frozenset(_kind(name) for year in years for name in _holidays(country, subdivision, language, year).values())


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str, language: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year, by day, named in ``language`` where the calendar has it."""
    import holidays  # slow to import: commands that need no calendar do without

    calendar = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    wanted = language.partition("-")[0]
    tongue = next((each for each in calendar.supported_languages if each.partition("_")[0] == wanted), None)
    if tongue:
        calendar = holidays.country_holidays(country, subdiv=subdivision or None, years=year, language=tongue)
    return {day: calendar.get_list(day)[0] for day in calendar}


def _kind(name: str) -> str:
    return re.sub(r" \([^()]*\)$", "", name)


def holiday(day: date, library: Library) -> str:
    """The public holiday on which the library is closed that day, or ""."""
    if not library.country:
        return ""
    name = _holidays(library.country, library.subdivision, library.language, day.year).get(day, "")
    if name and library.open_on and _kind(name).casefold() in {each.casefold() for each in library.open_on}:
        return ""
    return name


def hours_on(day: date, department: Department, library: Library) -> tuple[datetime, datetime] | None:
    """When the department opens and closes that day (aware, library time), or None where it is closed."""
    if not _works(day, department, library):
        return None
    opens, closes = (department.hours or USUAL_HOURS)[day.weekday()]
    return datetime.combine(day, opens, library.timezone), datetime.combine(day, closes, library.timezone)


def _works(day: date, department: Department, library: Library) -> bool:
    hours = department.hours or USUAL_HOURS
    return day.weekday() in hours and day not in library.closed and not holiday(day, library)


def is_open(at: datetime, department: Department, library: Library) -> bool:
    """Whether the department is open at that moment."""
    here = at.astimezone(library.timezone)
    span = hours_on(here.date(), department, library)
    return span is not None and span[0] <= here < span[1]


def promise(department: Department, at: datetime, library: Library) -> Promise:
    """By when ``department`` answers what reached it at ``at`` (aware).

    A business day is a day on which the department is open: a day of its hours (Monday to Friday, 9 to 17, where it
    has none), no public holiday, no day in ``library.closed``. The day of arrival is not counted; the promise ends
    when the department closes. A promise in hours counts the hours it is open, from the moment of arrival, and
    ends at the next quarter of an hour, at closing time at the latest. Where the department is usually faster, the
    promise ends with that half of an open day in which that time is over.
    """
    here = at.astimezone(library.timezone)
    if department.reply_within.unit == "hours":
        due = _after_hours(department, here, library)
    else:
        due = _after_days(department, here, library)
    if department.usually is not None:
        due = min(due, _half_day(department, _after_open(department, department.usually, here, library), library))
    return seen_from(at, due, department, library)


def seen_from(at: datetime, due: datetime, department: Department, library: Library) -> Promise:
    """A promise made earlier, ``due``, as it looks at ``at``: which closed days still lie between, who is open now."""
    here, due = at.astimezone(library.timezone), due.astimezone(library.timezone)
    today = hours_on(here.date(), department, library)
    open_now = today is not None and today[0] <= here < today[1]
    return Promise(
        due=due,
        closed=_closed_days(department, here.date(), due.date(), library),
        open_now=open_now,
        closes=today[1] if today and open_now else None,
    )


def _open_days(department: Department, first: date, library: Library) -> Iterator[date]:
    day = first
    while True:
        if _works(day, department, library):
            yield day
        day += timedelta(days=1)


def _after_days(department: Department, here: datetime, library: Library) -> datetime:
    days = _open_days(department, here.date() + timedelta(days=1), library)
    day = next(islice(days, department.reply_within.count - 1, None))
    _, closes = (department.hours or USUAL_HOURS)[day.weekday()]
    return datetime.combine(day, closes, library.timezone)


def _after_hours(department: Department, here: datetime, library: Library) -> datetime:
    moment = _after_open(department, timedelta(hours=department.reply_within.count), here, library)
    _, closes = (department.hours or USUAL_HOURS)[moment.weekday()]
    return min(_next_quarter(moment), datetime.combine(moment.date(), closes, library.timezone))


def _after_open(department: Department, left: timedelta, here: datetime, library: Library) -> datetime:
    """When the department has been open for so long from ``here`` on. Reckoned in UTC: two wall clock times of one zone
    differ wrongly where summer time begins or ends.
    """
    now = here.astimezone(UTC)
    for day in _open_days(department, here.date(), library):
        span = (department.hours or USUAL_HOURS)[day.weekday()]
        opens, closes = (datetime.combine(day, each, library.timezone).astimezone(UTC) for each in span)
        begins = max(opens, now)
        if left <= closes - begins:
            return (begins + left).astimezone(library.timezone)
        left -= max(closes - begins, timedelta())
    raise AssertionError("open days never end")


def _half_day(department: Department, moment: datetime, library: Library) -> datetime:
    """The end of that half of an open day in which ``moment`` lies."""
    opens, closes = (
        datetime.combine(moment.date(), each, library.timezone)
        for each in (department.hours or USUAL_HOURS)[moment.weekday()]
    )
    middle = _next_quarter(opens + (closes - opens) / 2)
    return middle if moment <= middle else closes


def open_time(department: Department, began: datetime, at: datetime, library: Library) -> timedelta:
    """For how long the department was open between two moments; no time where the second is not later."""
    spent = timedelta()
    for opens, closes in _spans_before(department, at, library):
        if closes <= began:
            return spent
        spent += closes - max(opens, began.astimezone(UTC))
    return spent


def reminder_at(department: Department, due: datetime, share: float, library: Library) -> datetime:
    """When ``share`` (0 to 1) of the time that the department has for an answer is over, for one due at ``due``.

    Counted back from there in the hours in which the department is open, so that it falls into them: of two business
    days from 10 to 18, three quarters are over at 14 on the second.
    """
    left = (1 - share) * _time_to_answer(department, due, library)
    for opens, closes in _spans_before(department, due, library):
        if left <= closes - opens:
            return (closes - left).astimezone(library.timezone)
        left -= closes - opens
    raise AssertionError("open days never end")


def _time_to_answer(department: Department, due: datetime, library: Library) -> timedelta:
    within = department.reply_within
    if within.unit == "hours":
        time_left = timedelta(hours=within.count)
    else:
        days = islice(_spans_before(department, due, library), within.count)
        time_left = sum((closes - opens for opens, closes in days), timedelta())
    return time_left if department.usually is None else min(time_left, department.usually)


def _spans_before(department: Department, due: datetime, library: Library) -> Iterator[tuple[datetime, datetime]]:
    """The hours of being open that lie before ``due``, latest first; in UTC, as in ``_after_hours``."""
    day, due = due.astimezone(library.timezone).date(), due.astimezone(UTC)
    while True:
        span = hours_on(day, department, library)
        if span is not None and span[0] < due:
            yield span[0].astimezone(UTC), min(span[1].astimezone(UTC), due)
        day -= timedelta(days=1)


def _next_quarter(moment: datetime) -> datetime:
    over = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=15) - over if over else over)


def _closed_days(department: Department, first: date, due: date, library: Library) -> tuple[ClosedDay, ...]:
    days = map(date.fromordinal, range(first.toordinal(), due.toordinal()))
    return tuple(ClosedDay(day, holiday(day, library)) for day in days if not _works(day, department, library))
