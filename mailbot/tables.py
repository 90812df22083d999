"""A TOML file, read key by key: what is missing, misspelt or of the wrong kind is collected, not raised at once.

Owns how a mistake in a configuration file is found and worded: file, key, what is wrong, cure. Knows nothing
of libraries or servers, and never repeats the value of a key that may hold a secret.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from mailbot.errors import ConfigError

T = TypeVar("T")

_SECRETS = re.compile(
    r"^(pass(word|wd|phrase)?|pwd|(client_)?secret|(access_|refresh_)?token|api_?key)$", re.IGNORECASE
)
_KINDS: Mapping[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, ignoring case, or None where none comes close."""
    by_fold = {candidate.casefold(): candidate for candidate in sorted(known)}
    close = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to put after a message: `; did you mean "X"?`, or "" where nothing comes close."""
    found = nearest(word, known)
    return f'; did you mean "{found}"?' if found else ""


@dataclass(slots=True)
class Mistakes:
    """What is wrong, in the order found."""

    lines: list[str] = field(default_factory=list)

    def add(self, place: str, problem: str) -> None:
        """Note a mistake: ``place`` is file and key, ``problem`` what is wrong and how to mend it."""
        self.lines.append(f"{place}: {problem}")

    def raise_if_any(self) -> None:
        """Raises ConfigError with one line a mistake; the first stands by itself."""
        if self.lines:
            raise ConfigError("\n".join(self.lines))


def read_toml(path: Path) -> dict[str, object]:
    """The file's top-level table; a byte order mark and Windows line ends are fine. Raises ConfigError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; `mailbot init {path.parent}` writes a starter") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: this is not UTF-8 text; save it again with the encoding UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(path, str(error), text)) from None
    except RecursionError:
        raise ConfigError(f"{path}: lists or tables are nested too deeply") from None


def _syntax(path: Path, message: str, text: str) -> str:
    found = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", message)
    if found is None:
        last = text.count("\n") + 1
        return f"{path}, line {last}: {message.removesuffix(' (at end of document)')}; the file ends too early"
    problem, line, column = found.groups()
    problem = problem[:1].lower() + problem[1:]
    return f"{path}, line {line}, column {column}: {problem}; check quotes, brackets and commas there"


class Table:
    """One table of a file. Each reader notes that its key is known, and a mistake where the value does not fit;
    it then returns the default, so that reading goes on and finds the other mistakes.

    ``where`` is how the table is named to people (`[library]`, `departments[2]: asks[1]`), ``path`` how its header
    is written in the file (`library`, `departments.asks`).
    """

    def __init__(self, file: Path, where: str, path: str, values: Mapping[str, object], mistakes: Mistakes) -> None:
        self._file, self._where, self._path = file, where, path
        self._values, self._mistakes = values, mistakes
        self._known: set[str] = set()

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self._values

    def place(self, key: str = "") -> str:
        """File, table and key, as a mistake names them."""
        separator = " " if self._where.startswith("[") else ": "
        named = self._where + (separator if self._where and key else "") + key
        return f"{self._file}: {named}" if named else str(self._file)

    def wrong(self, key: str, problem: str) -> None:
        """Note a mistake in this key."""
        self._mistakes.add(self.place(key), problem)

    def named(self, name: str) -> None:
        """From here on mistakes call the table by this as well: `departments[2] (circulation)`."""
        self._where = f"{self._where} ({name})"

    def has(self, key: str) -> bool:
        """Whether the key stands in the file."""
        self._known.add(key)
        return key in self._values

    def is_text(self, key: str) -> bool:
        """Whether a string stands there, where a table could as well."""
        return isinstance(self._values.get(key), str)

    def every_key(self) -> tuple[str, ...]:
        """All keys that stand in it; from here on each of them counts as known."""
        self._known.update(self._values)
        return tuple(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        """A string without line ends or outer spaces; where ``default`` is None it must be there and not empty."""
        value = self._typed(key, str, default or "").strip()
        if default is None and not value:
            self._absent(key)
        if any(character in value for character in "\r\n\0"):
            self.wrong(key, "must be one line")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value in choices:
            return value
        listed = ", ".join(f'"{choice}"' for choice in choices)
        self.wrong(key, f'"{value}" is none of {listed}{did_you_mean(value, choices)}')
        return default

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self._typed(key, int, default)
        return self._between(key, value, low, high, default)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        value = float(self._typed(key, float, default))
        return self._between(key, value, low, high, default)

    def flag(self, key: str) -> bool:
        """A switch; false where it is left out."""
        return self._typed(key, bool, False)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of strings, none of them empty."""
        values = [value for value in self._list(key) if self._is_text(key, value)]
        if required and not values:
            self._absent(key)
        return tuple(str(value) for value in values)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates: TOML dates, or strings like "2027-12-24"."""
        found = [self._day(key, value) for value in self._list(key)]
        return tuple(sorted({day for day in found if day is not None}))

    def table(self, key: str) -> Table:
        """A table inside; an empty one where it is left out."""
        self._known.add(key)
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, "must be a table, that is [section] or { key = value }")
            value = {}
        where = f"{self._where}: {key}" if self._where else f"[{key}]"
        return Table(self._file, where, self._below(key), value, self._mistakes)

    def tables(self, key: str) -> list[Table]:
        """The tables of `[[key]]`, counted from 1 as people count."""
        self._known.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(key, f"must be written as [[{self._below(key)}]], once for each")
            return []
        above = f"{self._where}: " if self._where else ""
        return [
            Table(self._file, f"{above}{key}[{number}]", self._below(key), each, self._mistakes)
            for number, each in enumerate(value, start=1)
        ]

    def done(self) -> None:
        """Note every key that nobody asked for, and every secret."""
        for key in self._values:
            if key in self._known:
                continue
            if _SECRETS.match(key):
                self.wrong(key, _NO_SECRETS)
            else:
                self.wrong(key, f"is no key that belongs here{did_you_mean(key, self._known) or self._listed()}")

    def _listed(self) -> str:
        return f"; known are {', '.join(sorted(self._known))}"

    def _below(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _absent(self, key: str) -> None:
        if key not in self._values:
            self.wrong(key, "is missing; it must be there")
        elif self._values[key] in ("", []) or str(self._values[key]).isspace():
            self.wrong(key, "is empty; write something there")

    def _typed(self, key: str, kind: type[T], default: T) -> T:
        self._known.add(key)
        value = self._values.get(key, default)
        fits = isinstance(value, kind) or (kind is float and isinstance(value, int))
        if fits and (kind is bool or not isinstance(value, bool)):
            return value  # type: ignore[return-value]  # an int where a float is due is fine
        self.wrong(key, f"must be {_KINDS[kind]}")
        return default

    def _between(self, key: str, value: T, low: T, high: T, default: T) -> T:
        if low <= value <= high:  # type: ignore[operator]  # int or float, both ordered
            return value
        self.wrong(key, f"{value} is out of range; it must be from {low} to {high}")
        return default

    def _list(self, key: str) -> list[object]:
        self._known.add(key)
        value = self._values.get(key, [])
        if isinstance(value, list):
            return value
        self.wrong(key, 'must be a list, that is ["one", "two"]')
        return []

    def _is_text(self, key: str, value: object) -> bool:
        if isinstance(value, str) and value.strip():
            return True
        self.wrong(key, "must be a list of texts in quotes, none of them empty")
        return False

    def _day(self, key: str, value: object) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.wrong(key, f"{value} is no date; write it as 2027-12-24")
            return None


_NO_SECRETS = (
    "a secret does not belong in this file; take it out, change it where it is used, and name where it is kept: "
    'password_env = "NAME_OF_AN_ENVIRONMENT_VARIABLE" or password_file = "path"'
)
