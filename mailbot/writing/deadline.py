"""The day by which a patron says they need an answer. Pure text and calendar; where it is not plain, there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class _Days:
    """How a language names a deadline: what leads to it, the days of the week from Monday, and today and tomorrow."""

    pattern: re.Pattern[str]
    weekdays: tuple[str, ...]
    near: Mapping[str, int]


def _english() -> _Days:
    days = r"mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thurs?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    near = {"today": 0, "tonight": 0, "tonite": 0, "tomorrow": 1, "tmrw": 1, "tomorow": 1}
    lead = r"due|by|before|deadline(?: for [\w ]{1,30})? is|no later than|need(?:ed|s)? (?:it|them|this) (?:for|by|on)"
    return _Days(
        re.compile(rf"\b(?:{lead}) (?:on |this |class )?({days}|{'|'.join(near)})\b(?! evenings?\b)", re.IGNORECASE),
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        MappingProxyType(near),
    )


def _spanish() -> _Days:
    days = r"lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
    lead = r"para el|antes del|a m[aá]s tardar el|cita el|examen el|entrega el|l[ií]mite el|para|antes de"
    return _Days(
        re.compile(rf"\b(?:{lead}) (?:este |pr[oó]ximo )?({days}|hoy|mañana)\b(?! por)", re.IGNORECASE),
        ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
        MappingProxyType({"hoy": 0, "mañana": 1}),
    )


_LANGUAGES: Mapping[str, _Days] = MappingProxyType({"en": _english(), "es": _spanish()})


def deadline_in(text: str, language: str, today: date) -> date | None:
    """The day named, counted from ``today``; None where none is, or two are."""
    known = _LANGUAGES.get(language)
    if known is None:
        return None
    found = {_day(match[1].lower(), known, today) for match in known.pattern.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _day(word: str, known: _Days, today: date) -> date:
    if word in known.near:
        return today + timedelta(days=known.near[word])
    weekday = next(at for at, start in enumerate(known.weekdays) if _plain(word).startswith(_plain(start)))
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


def _plain(word: str) -> str:
    return word.replace("é", "e").replace("á", "a")
