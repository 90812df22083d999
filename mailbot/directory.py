"""``config/departments.toml`` to ``Department`` values, and the small forms both files share: hours, addresses.

Owns how a department is written down and what a mistake in it is called. Knows no server, no mail, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path

from mailbot.classify.starter import topics
from mailbot.library import Ask, Department, Offer, ReplyWithin, plain
from mailbot.tables import Mistakes, Table, did_you_mean, read_toml

Hours = Mapping[int, tuple[time, time]]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"^(\d{1,2})(?::(\d\d))?\s*[-\N{EN DASH}]\s*(\d{1,2})(?::(\d\d))?$")
_WITHIN = re.compile(r"^(\d{1,3}) (?:(business|working) days?|hours?)$")
_KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
_ADDRESS = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
                      r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$")  # fmt: skip
_LONGEST = {"business days": 60, "hours": 200}


def address(table: Table, key: str, value: str) -> str:
    """``value`` if it is an e-mail address, else "" and a mistake."""
    if _ADDRESS.match(value):
        return value
    table.wrong(key, f'"{value}" is no e-mail address; write it as name@library.example')
    return ""


def email(table: Table, key: str) -> str:
    """An e-mail address that must be there."""
    value = table.text(key)
    return address(table, key, value) if value else ""


def web_address(table: Table, key: str) -> str:
    """A web address, or "" where it is left out."""
    value = table.text(key, "")
    if value and not re.match(r"^https?://[^\s/]+", value):
        table.wrong(key, f'"{value}" is no web address; it begins with https://')
    return value


def language(table: Table, key: str, value: str) -> str:
    """An ISO 639-1 code, else a mistake and "en"."""
    if _LANGUAGE.match(value):
        return value
    table.wrong(key, f'"{value}" is no language code; write "en", "es", "fr", "de" ...')
    return "en"


def hours(table: Table) -> Hours:
    """Opening hours by weekday (Monday is 0), from `{ mon-thu = "09:00-20:00", sat = "10:00-13:00" }`."""
    found: dict[int, tuple[time, time]] = {}
    for key in table.every_key():
        days, span = _weekdays(table, key), _span(table, key)
        for day in days:
            if day in found:
                table.wrong(key, f'"{_DAYS[day]}" stands there twice; name each day once')
            elif span:
                found[day] = span
    return found


def _weekdays(table: Table, key: str) -> list[int]:
    days: list[int] = []
    for part in key.split(","):
        ends = [_weekday(end) for end in part.split("-")]
        if None in ends or len(ends) > 2:
            table.wrong(key, 'is no weekday; write "mon", "sat", "mon-thu" ...')
            return []
        first, last = ends[0] or 0, ends[-1] or 0
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def _weekday(word: str) -> int | None:
    word = word.strip().lower()
    return _DAYS.index(word[:3]) if len(word) >= 3 and word[:3] in _DAYS else None


def _span(table: Table, key: str) -> tuple[time, time] | None:
    value = table.text(key, "")
    if value.lower() in ("", "closed"):
        return None
    span = _times(value)
    if span is None:
        table.wrong(key, f'"{value}" is no span of hours; write one span a day, as "09:00-17:00", or "closed"')
    elif span[0] >= span[1]:
        table.wrong(key, f'"{value}" closes before it opens; hours end at 23:59 at the latest')
    else:
        return span
    return None


def _times(value: str) -> tuple[time, time] | None:
    found = _SPAN.match(value)
    if found is None:
        return None
    opens, opens_minute, closes, closes_minute = (int(number or 0) for number in found.groups())
    try:
        return time(opens, opens_minute), time(closes, closes_minute)
    except ValueError:  # "25:00"
        return None


def read_departments(file: Path, default_language: str, usual: Hours, mistakes: Mistakes) -> tuple[Department, ...]:
    """All departments of the file; ``usual`` are the hours of those that name none. Raises ConfigError on bad TOML."""
    top = Table(file, "", "", read_toml(file), mistakes)
    departments = [_department(table, default_language, usual) for table in top.tables("departments")]
    top.done()
    if not departments:
        mistakes.add(str(file), "names no department; at least one [[departments]] must be there")
    else:
        _one_triage(file, departments, mistakes)
        _each_once(file, departments, mistakes)
        _covered_once(file, departments, mistakes)
    return tuple(departments)


def _one_triage(file: Path, departments: list[Department], mistakes: Mistakes) -> None:
    triage = [department.key for department in departments if department.triage]
    if len(triage) == 1:
        return
    has = f"{len(triage)} departments have it ({', '.join(triage)})" if triage else "no department has it"
    mistakes.add(
        f"{file}: [[departments]] triage",
        f"{has}; exactly one must have `triage = true`: it gets what mailbot is not sure of",
    )


def _each_once(file: Path, departments: list[Department], mistakes: Mistakes) -> None:
    """Keys and names must differ for a colleague's `route:` line, addresses for telling whose answer it is."""
    seen: dict[str, int] = {}
    for number, department in enumerate(departments, start=1):
        called = {"key": plain(department.key), "name": plain(department.name), "email": department.email.lower()}
        for key, word in called.items():
            other = seen.setdefault(word, number)
            if word and other != number:
                place = f"{file}: departments[{number}] ({department.key}): {key}"
                has = f"departments[{other}] ({departments[other - 1].key}) has the same"
                mistakes.add(place, f"{has}; each needs its own")


def _covered_once(file: Path, departments: list[Department], mistakes: Mistakes) -> None:
    owner: dict[str, str] = {}
    for number, department in enumerate(departments, start=1):
        for topic in dict.fromkeys(department.covers):
            other = owner.setdefault(topic, department.key)
            if other != department.key:
                place = f"{file}: departments[{number}] ({department.key}): covers"
                mistakes.add(place, f'"{topic}" is covered by {other} already; leave it to one of them')


def _department(table: Table, default_language: str, usual: Hours) -> Department:
    key = table.text("key")
    if key:
        table.named(key)
    _check_key(table, key)
    given = hours(table.table("hours")) if table.has("hours") else {}
    if table.has("hours") and not given:
        table.wrong("hours", 'names no open day; write { mon-fri = "09:00-17:00" }, or leave it out')
    department = Department(
        key=key,
        name=table.text("name"),
        email=email(table, "email"),
        description=table.text("description"),
        examples=table.texts("examples"),
        links=tuple(_bare(link) for link in table.texts("links")),
        addresses=tuple(pattern.lower() for pattern in table.texts("addresses")),
        covers=_covers(table),
        reply_within=_reply_within(table),
        hours=given or usual,
        usual_hours=not given,
        triage=table.flag("triage"),
        phone=table.text("phone", ""),
        head=_head(table),
        reply_mode=table.choice("reply_mode", ("direct", "relay"), "direct"),
        looks_after=by_language(table, "looks_after", default_language),
        asks=tuple(_ask(each, default_language) for each in table.tables("asks")),
        meanwhile=tuple(_offer(each, default_language) for each in table.tables("meanwhile")),
    )
    table.done()
    return department


def _head(table: Table) -> str:
    value = table.text("head", "")
    return address(table, "head", value) if value else ""


def _check_key(table: Table, key: str) -> None:
    if key == "oos":
        table.wrong("key", '"oos" means "no department" in evaluation data; choose another key')
    elif key and not _KEY.match(key):
        cure = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-") or "children-and-teens"
        table.wrong("key", f'"{key}" must be small letters, digits and single hyphens; write "{cure}"')


def _bare(link: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", link.strip(), flags=re.IGNORECASE)


def _covers(table: Table) -> tuple[str, ...]:
    covers = table.texts("covers")
    known = {topic.key for topic in topics()} if covers else set()
    for topic in covers:
        if topic not in known:
            cure = did_you_mean(topic, known) or f"; known are {', '.join(sorted(known))}"
            table.wrong("covers", f'"{topic}" is no topic{cure}')
    return covers


def _reply_within(table: Table) -> ReplyWithin:
    value = table.text("reply_within", "2 business days")
    found = _WITHIN.match(" ".join(value.lower().split()))
    if not found:
        table.wrong("reply_within", f'"{value}" is not understood; write "2 business days" or "4 hours"')
        return ReplyWithin(2, "business days")
    unit = "business days" if found[2] else "hours"
    count = int(found[1])
    if not 1 <= count <= _LONGEST[unit]:
        table.wrong("reply_within", f'"{value}" is out of range; it must be from 1 to {_LONGEST[unit]} {unit}')
        return ReplyWithin(2, "business days")
    return ReplyWithin(count, unit)


def by_language(table: Table, key: str, default_language: str, *, required: bool = False) -> Mapping[str, str]:
    """`{ en = "...", es = "..." }`, or one string in the library's own language."""
    if table.is_text(key) or (required and not table.has(key)):
        text = table.text(key)
        return {default_language: text} if text else {}
    inner = table.table(key)
    return {language(inner, code, code): inner.text(code) for code in inner.every_key()}


def _patterns(table: Table, key: str, *, required: bool = False) -> tuple[str, ...]:
    patterns = table.texts(key, required=required)
    for pattern in patterns:
        try:
            re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            table.wrong(key, f"the pattern '{pattern}' is no regular expression: {error}")
    return patterns


def _ask(table: Table, default_language: str) -> Ask:
    key = table.text("key")
    if key:
        table.named(key)
    ask = Ask(
        key=key,
        ask=by_language(table, "ask", default_language, required=True),
        why=by_language(table, "why", default_language),
        when=_patterns(table, "when"),
        present=_patterns(table, "present"),
        caution=by_language(table, "caution", default_language),
    )
    table.done()
    return ask


def _offer(table: Table, default_language: str) -> Offer:
    offer = Offer(
        about=_patterns(table, "about", required=True),
        offer=by_language(table, "offer", default_language, required=True),
        link=web_address(table, "link"),
        phone=table.text("phone", ""),
    )
    if not offer.link and not offer.phone:
        table.wrong("", "says neither `link` nor `phone`; one of them must be there")
    table.done()
    return offer
