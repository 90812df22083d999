"""Facts to words: the templates, which of several wordings is taken, and how days and hours are said.

Owns everything about Jinja2 and Babel. A wording file holds several wordings with a line ``---`` between them. One that
comes out empty does not fit these facts, and the next is tried. Knows nothing of cases or occasions.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from traceback import extract_tb

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from mailbot.errors import ConfigError
from mailbot.library import ClosedDay
from mailbot.writing.facts import Fact, Foreign

_BREAK = re.compile(r"^---[ \t]*$", re.MULTILINE)
_GAPS = re.compile(r"[ \t]+")
_TWO_STOPS = re.compile(r"(?<=[\w.])\.\.(?!\.)|(?<=[?.…])([”’»])\.(?!\.)")
# Requests are turned into clauses in English alone; elsewhere they are quoted.
_ENGLISH_ONLY = frozenset({"opening-whether", "opening-wish", "said-whether", "said-wish"})
_QUOTED = re.compile(r"‘((?:[^‘’]|(?<=\w)’(?=\w))*)’")
_INNER = {"es": r"“\1”", "fr": r"“\1”", "de": r"‚\1‘"}
_BEFORE_I = re.compile(r" y (?=[«“]?(?:[ií]|hi(?!e)))", re.IGNORECASE)  # "e", where Spanish would meet two like sounds
_QUOTATION = re.compile("“[^”]*”|«[^»]*»|„[^“]*“")
_RUN = 4  # words in a row that a patron would recognise


@dataclass(frozen=True, slots=True)
class Told:
    """What a patron has been sent before, as runs of words, so that nothing is said twice the same way."""

    runs: frozenset[str] = frozenset()
    letters: int = 0

    @classmethod
    def of(cls, texts: Sequence[str]) -> Told:
        """The runs of words in those letters."""
        return cls(frozenset(run for text in texts for run in _runs(text)), len(texts))

    def overlap(self, words: str) -> float:
        """The share of the runs in ``words`` that the patron knows, 0 to 1, and 1 more where they begin as known:
        a letter that opens like the one before is not read.
        """
        runs = _runs(words)
        if not runs:
            return 0.0
        known = [run in self.runs for run in runs]
        return sum(known) / len(known) + (1.0 if known[0] else 0.0)


def _runs(text: str) -> list[str]:
    """The runs of our own words: whatever is quoted counts as one."""
    words = _QUOTATION.sub("“”", text.lower()).split()
    return [" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]


class Wordings:
    """The wording files of every language, compiled once. ``overrides`` is a folder with the library's own.

    Raises ConfigError where that folder holds a file that no letter would ever use.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self._environment = SandboxedEnvironment(
            undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.filters.update(after=_after, between=_between, first_up=_first_up)
        # A plain dict: a chain of them, Jinja2's own choice, is walked through again at each rendering.
        self._globals = dict(self._environment.globals)
        self._sources = _read(overrides)
        self._compiled: dict[tuple[str, str], tuple[Template, ...]] = {}
        self._fields: dict[type[Fact], tuple[str, ...]] = {}
        self._sayings: dict[tuple[str, date], dict[str, object]] = {}
        self._days: dict[tuple[str, date, datetime | date, str], str] = {}
        self.languages = frozenset(
            language for language in {found for found, _ in self._sources} if not self.missing(language)
        )

    def missing(self, language: str) -> frozenset[str]:
        """The wordings that a language lacks; letters are written in it only where it lacks none."""
        needed = self.names("en") if language == "en" else self.names("en") - _ENGLISH_ONLY
        return needed - self.names(language)

    def names(self, language: str) -> frozenset[str]:
        """The wordings that there are in a language."""
        return frozenset(name for found, name in self._sources if found == language)

    def templates(self, language: str, name: str) -> tuple[Template, ...]:
        """The wordings of that name. Raises ConfigError, with file and line, where one has a mistake."""
        key = (language, name)
        if key not in self._compiled:
            self._compiled[key] = self._compile(language, name)
        return self._compiled[key]

    def say(self, fact: Fact, language: str, today: date, seed: str, told: Told) -> str:
        """The fact in words: the first wording, from a place that ``seed`` decides, that fits and is not worn."""
        name = fact.wording
        language = self.spoken(fact, language)
        templates = self.templates(language, name)
        values = self._values(fact, language, today)
        start = zlib.crc32(f"{seed}{name}".encode()) % len(templates)
        worn: list[tuple[float, str]] = []
        for step in range(len(templates)):
            words = self._render(templates[(start + step) % len(templates)], values, language, name)
            if not words:
                continue
            overlap = told.overlap(words) if told.letters else 0.0
            if overlap < 0.3:
                return words
            worn.append((overlap, words))
        return min(worn, default=(0.0, ""), key=lambda found: found[0])[1]

    def every(self, fact: Fact, language: str, today: date) -> list[str]:
        """All wordings of a fact, those that do not fit left out."""
        language = self.spoken(fact, language)
        values = self._values(fact, language, today)
        rendered = (
            self._render(found, values, language, fact.wording) for found in self.templates(language, fact.wording)
        )
        return [words for words in rendered if words]

    def spoken(self, fact: Fact, language: str) -> str:
        """The language that a fact is said in: the letter's, but that it is not the reader's is said in theirs."""
        wanted = fact.wanted if isinstance(fact, Foreign) else language
        return wanted if (wanted, fact.wording) in self._sources else language

    def named(self, language: str, other: str) -> str:
        """What ``other``, a language, is called in ``language``; "" where Babel does not know."""
        return str(_locale(language).languages.get(other, ""))

    # --- days ------------------------------------------------------------------------------------------------------

    def _values(self, fact: Fact, language: str, today: date) -> dict[str, object]:
        """What a wording may use: the fact's fields, and how days, lists and languages are said."""
        key = (language, today)
        if key not in self._sayings:
            if len(self._sayings) > 256:
                self._sayings.clear()
            self._sayings[key] = self._ways(language, today)
        said = {name: getattr(fact, name) for name in self._names(type(fact))}
        if isinstance(quoted := said.get("words"), str):
            said["words"] = _inner(quoted, language)
        return self._sayings[key] | said

    def _ways(self, language: str, today: date) -> dict[str, object]:
        def of(name: str) -> Callable[[datetime], str]:
            return lambda moment: self._moment(name, language, today, moment)

        return {
            "day": of("day"),
            "near_day": of("near-day"),
            "weekday": of("weekday"),
            "hour": of("hour"),
            "full_day": lambda moment: format_date(moment.date(), "long", _locale(language)),
            "days": lambda closed: self._days_of(language, today, closed),
            "listed": lambda items: self._listed(language, items),
            "tongue": lambda code: self.named(language, code),
            "whom": lambda word: self._render(self.templates(language, "whom")[0], {"word": word}, language, "whom"),
        }

    def _names(self, fact: type[Fact]) -> tuple[str, ...]:
        if fact not in self._fields:
            self._fields[fact] = tuple(item.name for item in fields(fact))
        return self._fields[fact]

    def _moment(self, name: str, language: str, today: date, moment: datetime) -> str:
        key = (language, today, moment, name)
        if key not in self._days:
            if len(self._days) > 4096:
                self._days.clear()
            self._days[key] = self._in_words(
                name, language, today, moment.date(), {"hour": moment.hour, "minute": moment.minute}
            )
        return self._days[key]

    def _days_of(self, language: str, today: date, closed: Sequence[ClosedDay]) -> str:
        said: list[str] = []
        for at, item in enumerate(closed):
            # After a day of the week another needs no preposition: "on Saturday and Sunday".
            after_day = at > 0 and (closed[at - 1].day - today).days > 1 and not closed[at - 1].holiday
            more = {"holiday": item.holiday, "after_day": after_day}
            said.append(self._in_words("closed-day", language, today, item.day, more))
        return self._listed(language, said)

    def _listed(self, language: str, items: Sequence[str]) -> str:
        said = format_list(list(items), style="standard", locale=_locale(language))
        return _BEFORE_I.sub(" e ", said) if language == "es" else said

    def _in_words(self, name: str, language: str, today: date, day: date, more: Mapping[str, object]) -> str:
        locale = _locale(language)
        values = {
            "weekday": locale.days["format"]["wide"][day.weekday()],
            "month": locale.months["format"]["wide"][day.month],
            "number": day.day,
            "away": (day - today).days,
            **more,
        }
        return self._render(self.templates(language, name)[0], values, language, name)

    # --- templates -------------------------------------------------------------------------------------------------

    def _compile(self, language: str, name: str) -> tuple[Template, ...]:
        where, source = self._sources.get((language, name), ("", ""))
        if not where:
            raise ConfigError(
                f"templates/{language}/{name}.txt is missing; copy it from another language and translate it"
            )
        compiled: list[Template] = []
        line = 0
        for wording in _BREAK.split(source):
            try:
                # The empty lines keep Jinja2's line numbers those of the file.
                code = self._environment.compile("\n" * line + wording, name, where)
            except TemplateSyntaxError as error:
                raise ConfigError(f"{where}, line {error.lineno}: {error.message}") from error
            compiled.append(Template.from_code(self._environment, code, self._globals))
            line += wording.count("\n")
        return tuple(compiled)

    def _render(self, template: Template, values: Mapping[str, object], language: str, name: str) -> str:
        try:
            words: str = template.render(values)
        except Exception as error:
            where, _ = self._sources[language, name]
            # What a template does to a patron's words can fail in any way, and the error may quote them.
            what = error.message if isinstance(error, TemplateError) else f"fails with {type(error).__name__}"
            raise ConfigError(f"{where}, line {_line_of(error, where)}: {what}") from error
        return "\n".join(_smooth(line) for line in words.strip().splitlines())


_STOPS = re.compile(r"\.\.|[”’»]\.")


def _line_of(error: Exception, where: str) -> int:
    """The line of the template at which rendering failed: Jinja2 puts it into the traceback."""
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == where]
    return lines[-1] or 0 if lines else 0


def _smooth(line: str) -> str:
    """One space between words, and one full stop where an abbreviation or a quotation brought its own."""
    line = line.strip()
    if "  " in line or "\t" in line:
        line = _GAPS.sub(" ", line)
    return _TWO_STOPS.sub(lambda found: found[1] or ".", line) if _STOPS.search(line) else line


def _read(overrides: Path | None) -> dict[tuple[str, str], tuple[str, str]]:
    """(language, name) to (where it stands, its text); the library's own files stand before ours."""
    found = dict(_wordings(files("mailbot") / "templates"))
    if overrides is None or not overrides.is_dir():
        return found
    names = sorted({name for _, name in found})
    for (language, name), (where, text) in _wordings(overrides):
        if name not in names:
            near = get_close_matches(name, names, 1, 0.0)[0]
            raise ConfigError(f"{where} is no wording that letters use; the nearest name is {near}.txt")
        found[language, name] = (where, text)
    return found


def _wordings(root: Traversable) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for folder in sorted(root.iterdir(), key=lambda item: item.name):
        if not folder.is_dir():
            continue
        for file in folder.iterdir():
            if file.name.endswith(".txt"):
                where = f"templates/{folder.name}/{file.name}"
                yield (folder.name, file.name.removesuffix(".txt")), (where, file.read_text(encoding="utf-8"))


def _inner(words: str, language: str) -> str:
    """A patron's words with the quotation marks that stand inside those of a language; they come with the English."""
    return _QUOTED.sub(_INNER[language], words) if language in _INNER and "‘" in words else words


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _after(clause: str) -> str:
    """A clause that ends a sentence, with its comma."""
    return f", {clause}" if clause else ""


def _between(clause: str) -> str:
    """A clause inside a sentence, with its commas."""
    return f", {clause}," if clause else ""
