"""The page as a file: one HTML document with its style in it, no script, nothing from elsewhere, for its owner only."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from mailbot.errors import ConfigError
from mailbot.library import Library
from mailbot.page.shown import Shown
from mailbot.page.tally import Section, Tally, sections


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what it is, in words, and all that it shows. ``unfolded``: letters lie open, with the source of each fact
    beside it. ``private``: it shows what real people wrote.
    """

    title: str
    about: tuple[str, ...]
    library: Library
    shown: Sequence[Shown]
    unfolded: bool = False
    private: bool = True

    @property
    def tally(self) -> Tally:
        """The sums of what it shows."""
        return Tally.of(self.shown, self.library)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What it shows, in the order in which it is read."""
        return sections(self.shown, self.library)


def check_place(path: Path) -> None:
    """Makes the folder that the page goes into. Raises ConfigError where it can't lie there; asked before minutes of
    work.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _unwritable(path, "the folder is not yours to write in")


def write_page(path: Path, page: Page) -> None:
    """Writes the page where only its owner may read it; an older one there goes. Raises ConfigError where it can't."""
    data = rendered(page).encode("utf-8", "replace")
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise _unwritable(path, error.strerror) from error


def rendered(page: Page) -> str:
    """The page as HTML. Everything that is shown is escaped."""
    here = files(__name__.rpartition(".")[0])
    style = here.joinpath("page.css").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["moment"] = partial(_moment, page.library)
    environment.filters["percent"] = "{:.0%}".format
    template = environment.from_string(here.joinpath("page.html").read_text("utf-8"))
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return template.render(page=page, tally=page.tally, names=_names(page.library), style=style, digest=digest)


def _names(library: Library) -> dict[str, str]:
    return {one.key: one.name for one in library.departments}


def _moment(library: Library, at: datetime) -> str:
    return f"{at.astimezone(library.timezone):%a %d %b %Y, %H:%M}"


def _unwritable(path: Path, why: str | None) -> ConfigError:
    return ConfigError(f"{path} cannot be written: {why}; name another place with --out")
