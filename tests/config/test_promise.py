"""By when a department answers: business days, holidays, half days, hours, and whom a name means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mailbot.library import ClosedDay, Department, Library, ReplyWithin, holiday, is_open, promise
from mailbot.settings import load

ROOT = Path(__file__).parents[2]
RIVERBEND = load(ROOT / "config", {}).library


def at(text: str) -> datetime:
    """A moment in Riverbend's wall clock time."""
    return datetime.fromisoformat(text).replace(tzinfo=RIVERBEND.timezone)


def _promised_in_stories() -> Iterator[Any]:
    for path in sorted((ROOT / "tests/riverbend/stories").glob("*.toml")):
        holder, due = "", None
        for step in tomllib.loads(path.read_text(encoding="utf-8"))["steps"]:
            then = step.get("then", {})
            made = _made_at(step, then, holder, due)
            if "promise" in then:
                expected = made and (then["holder"], made, then["promise"])
                yield pytest.param(expected, then["promise"], due, id=f"{path.stem}-{step['n']}")
            holder, due = then.get("holder", holder), then.get("promise", due)


def _made_at(step: dict[str, Any], then: dict[str, Any], holder: str, due: datetime | None) -> datetime | None:
    """When a new promise is made in this step: for a new case, a move to another desk, or one that was not kept.

    A bounce of our own forward makes none: the patron owes us no patience for our mailbox.
    """
    if then.get("case") == "new" or (then.get("holder", holder) != holder and then.get("kind") != "bounce"):
        moment: datetime = step["at"]
        return moment
    if due and "promise" in then and then["promise"] != due and step["at"] > due:
        return due
    return None


@pytest.mark.parametrize(("made", "stated", "before"), list(_promised_in_stories()))
def test_every_promise_of_the_stories_follows_from_the_calendar(
    made: tuple[str, datetime, datetime] | None, stated: datetime, before: datetime | None
) -> None:
    if made is None:
        assert stated == before
    else:
        holder, moment, _ = made
        assert promise(RIVERBEND.department(holder), moment, RIVERBEND).due == stated


@pytest.mark.parametrize(
    ("letter", "department", "arrives", "due"),
    [
        ("1", "circulation", "2027-03-01T09:10", "2027-03-02T20:00"),
        ("2", "circulation", "2027-03-07T08:30", "2027-03-08T20:00"),
        ("3", "special-collections", "2027-02-02T12:00", "2027-02-04T17:00"),
        ("4", "special-collections", "2027-02-27T15:00", "2027-03-03T17:00"),
        ("5", "administration", "2027-02-19T09:20", "2027-02-24T17:00"),
        ("6", "digital", "2027-04-05T13:02", "2027-04-06T18:00"),
        ("7", "interlibrary-loan", "2026-11-10T10:00", "2026-11-16T17:00"),
        ("8", "outreach", "2027-04-22T09:00", "2027-04-26T16:30"),
        ("9a", "special-collections", "2027-03-11T09:00", "2027-03-13T17:00"),
        ("9b", "programs-and-rooms", "2027-03-11T09:00", "2027-03-15T18:00"),
        ("10", "children-and-teens", "2027-03-05T16:00", "2027-03-08T18:00"),
        ("11", "reference", "2027-03-10T15:05", "2027-03-11T20:00"),
        ("12", "reference", "2027-02-14T14:05", "2027-02-16T20:00"),
        ("B", "circulation", "2027-03-09T12:00", "2027-03-10T20:00"),
        ("I", "digital", "2027-03-08T10:44", "2027-03-09T18:00"),
        ("II", "programs-and-rooms", "2027-01-19T18:00", "2027-01-21T18:00"),
        ("III", "reference", "2027-03-09T19:00", "2027-03-10T20:00"),
        ("IV", "reference", "2027-03-09T10:00", "2027-03-10T20:00"),
    ],
)
def test_every_date_in_the_exemplary_letters_follows_from_the_calendar(
    letter: str, department: str, arrives: str, due: str
) -> None:
    assert promise(RIVERBEND.department(department), at(arrives), RIVERBEND).due == at(due), letter


def test_closed_days_before_the_promise_are_named_today_included() -> None:
    found = promise(RIVERBEND.department("collections"), at("2026-11-26T10:05"), RIVERBEND)
    assert found.closed == (
        ClosedDay(date(2026, 11, 26), "Thanksgiving Day"),
        ClosedDay(date(2026, 11, 28), ""),
        ClosedDay(date(2026, 11, 29), ""),
    )
    assert (found.open_now, found.closes) == (False, None)


def test_a_desk_that_is_open_on_sunday_says_until_when_and_why_it_is_closed_tomorrow() -> None:
    found = promise(RIVERBEND.department("reference"), at("2027-02-14T14:05"), RIVERBEND)
    assert (found.open_now, found.closes) == (True, at("2027-02-14T17:00"))
    assert found.closed == (ClosedDay(date(2027, 2, 15), "Washington's Birthday"),)


def test_a_desk_is_open_from_its_first_minute_and_closed_at_its_last() -> None:
    special = RIVERBEND.department("special-collections")
    moments = ("2027-02-02T09:59", "2027-02-02T10:00", "2027-02-02T16:59", "2027-02-02T17:00")
    assert [is_open(at(moment), special, RIVERBEND) for moment in moments] == [False, True, True, False]


def test_a_half_day_ends_the_promise_at_its_own_closing_time() -> None:
    friends = RIVERBEND.department("friends-and-volunteering")
    assert promise(friends, at("2027-02-02T09:00"), RIVERBEND).due == at("2027-02-09T14:00")
    one = replace(friends, reply_within=ReplyWithin(1, "business days"))
    assert promise(one, at("2027-02-04T09:00"), RIVERBEND).due == at("2027-02-06T13:00")


def test_a_moment_is_read_in_the_librarys_own_time() -> None:
    late = datetime(2027, 2, 3, 3, 0, tzinfo=UTC)  # still Tuesday evening, 9 p.m., in Missouri
    assert promise(RIVERBEND.department("reference"), late, RIVERBEND).due == at("2027-02-03T20:00")


def test_days_on_which_the_library_is_closed_count_like_holidays() -> None:
    closed = replace(RIVERBEND, closed=(date(2027, 2, 3),))
    found = promise(closed.department("reference"), at("2027-02-02T10:00"), closed)
    assert found.due == at("2027-02-04T20:00")
    assert found.closed == (ClosedDay(date(2027, 2, 3), ""),)


def test_a_public_holiday_on_which_the_library_is_open_is_a_day_like_any_other() -> None:
    columbus, truman_observed = date(2027, 10, 11), date(2027, 5, 7)
    assert holiday(columbus, RIVERBEND) == "Columbus Day"
    assert holiday(truman_observed, RIVERBEND)
    open_then = replace(RIVERBEND, open_on=("columbus day", "Truman Day"))
    assert not holiday(columbus, open_then)
    assert not holiday(truman_observed, open_then)
    assert holiday(date(2027, 11, 25), open_then) == "Thanksgiving Day"


def test_a_library_without_a_country_knows_no_holidays() -> None:
    nowhere = replace(RIVERBEND, country="", subdivision="")
    assert promise(nowhere.department("reference"), at("2026-11-25T10:00"), nowhere).due == at("2026-11-26T20:00")


def test_holidays_are_named_in_the_librarys_language_where_the_calendar_knows_it() -> None:
    zurich = replace(RIVERBEND, country="CH", subdivision="ZH", timezone=ZoneInfo("Europe/Zurich"), language="fr")
    assert holiday(date(2027, 5, 6), zurich) == "Ascension"
    assert holiday(date(2027, 5, 6), replace(zurich, language="de")) == "Auffahrt"


def test_a_department_without_hours_works_monday_to_friday_nine_to_five() -> None:
    bare = Department("desk", "Desk", "desk@riverbend.example", "A desk.")
    assert promise(bare, at("2027-02-05T10:00"), RIVERBEND).due == at("2027-02-09T17:00")


@pytest.mark.parametrize(
    ("arrives", "due"),
    [
        ("2027-02-02T09:00", "2027-02-02T14:00"),  # before opening: from ten on
        ("2027-02-02T10:07", "2027-02-02T14:15"),
        ("2027-02-02T12:59", "2027-02-02T17:00"),  # not past closing time
        ("2027-02-02T13:00", "2027-02-02T17:00"),
        ("2027-02-02T16:00", "2027-02-03T13:00"),
        ("2027-02-06T16:30", "2027-02-09T13:30"),  # Saturday evening to Tuesday
        ("2027-02-07T11:00", "2027-02-09T14:00"),
    ],
)
def test_hours_are_counted_while_the_department_is_open(arrives: str, due: str) -> None:
    special = replace(RIVERBEND.department("special-collections"), reply_within=ReplyWithin(4, "hours"))
    assert promise(special, at(arrives), RIVERBEND).due == at(due)


def test_hours_over_the_change_to_summer_time_are_real_hours() -> None:
    night = Department("night", "Night desk", "n@riverbend.example", "All day.", hours=dict.fromkeys(range(7), ALL_DAY))
    night = replace(night, reply_within=ReplyWithin(4, "hours"))
    assert promise(night, at("2027-03-14T01:00"), RIVERBEND).due == at("2027-03-14T06:00")


ALL_DAY = (time(0, 0), time(23, 59))

_SPANS = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda ends: ends[0] < ends[1])
_HOURS = st.dictionaries(st.integers(0, 6), _SPANS.map(lambda e: (time(e[0]), time(e[1], 30))), min_size=1)
_WITHIN = st.builds(ReplyWithin, st.integers(1, 12), st.just("business days"))
_WITHIN_HOURS = st.builds(ReplyWithin, st.integers(1, 40), st.just("hours"))
_MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
_PLACES = st.sampled_from(
    [("US", "MO", "America/Chicago"), ("DE", "BY", "Europe/Berlin"), ("AU", "", "Australia/Sydney")]
)


@st.composite
def _desks(draw: st.DrawFn, within: st.SearchStrategy[ReplyWithin]) -> tuple[Department, Library]:
    country, subdivision, zone = draw(_PLACES)
    closed = tuple(draw(st.lists(st.dates(date(2025, 1, 1), date(2029, 12, 31)), max_size=20)))
    here = replace(
        RIVERBEND, country=country, subdivision=subdivision, timezone=ZoneInfo(zone), closed=closed, open_on=()
    )
    desk = Department("desk", "Desk", "d@x.example", "A desk.", reply_within=draw(within), hours=draw(_HOURS))
    return desk, here


@hypothesis_settings(deadline=None)
@given(_desks(_WITHIN), _MOMENTS)
def test_a_promise_in_days_ends_at_closing_time_after_so_many_open_days(
    desk_here: tuple[Department, Library], moment: datetime
) -> None:
    desk, here = desk_here
    found = promise(desk, moment, here)
    arrived = moment.astimezone(here.timezone).date()
    days = [arrived + timedelta(days=n) for n in range(1, (found.due.date() - arrived).days + 1)]
    working = [d for d in days if d.weekday() in desk.hours and d not in here.closed and not holiday(d, here)]
    assert found.due.astimezone(UTC) > moment
    assert len(working) == desk.reply_within.count
    assert working[-1] == found.due.date()
    assert found.due.timetz().replace(tzinfo=None) == desk.hours[found.due.weekday()][1]


@hypothesis_settings(deadline=None)
@given(_desks(_WITHIN_HOURS), _MOMENTS)
def test_a_promise_in_hours_ends_while_the_department_is_open(
    desk_here: tuple[Department, Library], moment: datetime
) -> None:
    desk, here = desk_here
    due = promise(desk, moment, here).due
    opens, closes = desk.hours[due.weekday()]
    assert due.astimezone(UTC) > moment
    assert due.date() not in here.closed
    assert not holiday(due.date(), here)
    assert opens < due.time() <= closes


@hypothesis_settings(deadline=None)
@given(_desks(_WITHIN | _WITHIN_HOURS), _MOMENTS, _MOMENTS)
def test_what_comes_later_is_never_promised_earlier(
    desk_here: tuple[Department, Library], one: datetime, other: datetime
) -> None:
    desk, here = desk_here
    dues = [promise(desk, moment, here).due.astimezone(UTC) for moment in sorted((one, other))]
    assert dues == sorted(dues)


@hypothesis_settings(deadline=None)
@given(_desks(_WITHIN), _MOMENTS)
def test_the_days_named_as_closed_are_those_before_the_promise_on_which_nobody_is_there(
    desk_here: tuple[Department, Library], moment: datetime
) -> None:
    desk, here = desk_here
    found = promise(desk, moment, here)
    first = moment.astimezone(here.timezone).date()
    named = {each.day for each in found.closed}
    for number in range((found.due.date() - first).days):
        day = first + timedelta(days=number)
        noon_open = is_open(datetime.combine(day, time(23, 59, 59), here.timezone), replace(desk, hours=_ALWAYS), here)
        assert (day in named) == (not noon_open or day.weekday() not in desk.hours)
    assert list(named) == [] or max(named) < found.due.date()
    assert (found.closes is not None) == found.open_now


_ALWAYS = dict.fromkeys(range(7), (time(0), time.max))


@pytest.mark.parametrize(
    "said", ["Digital Services", "digital", "DIGITAL-SERVICES", "  digital   services. ", "Digital", "digital_services"]
)
def test_a_department_is_found_by_key_or_name_whatever_the_case_and_spacing(said: str) -> None:
    found = RIVERBEND.find(said)
    assert found is not None
    assert found.key == "digital"


@pytest.mark.parametrize("said", ["", "  ", "digitel", "digital services please", "dig"])
def test_what_names_no_department_is_not_found(said: str) -> None:
    assert RIVERBEND.find(said) is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("digitel", "digital"),
        ("ciculation", "circulation"),
        ("circ", "circulation"),
        ("special colections", "special-collections"),
        ("Programs & Rooms", "programs-and-rooms"),
        ("Kids and Teens", "children-and-teens"),
        ("interlibary", "interlibrary-loan"),
    ],
)
def test_a_typo_is_near_the_department_that_was_meant(said: str, meant: str) -> None:
    found = RIVERBEND.nearest(said)
    assert found is not None
    assert found.key == meant


@pytest.mark.parametrize("said", ["", "x", "the people on the second floor"])
def test_what_is_near_nothing_has_no_nearest(said: str) -> None:
    assert RIVERBEND.nearest(said) is None
