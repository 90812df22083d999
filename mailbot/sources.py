"""Where a library keeps mail of its past on disk: mbox files, maildirs, CSV files; read one message at a time.

Owns the formats (RFC 4155, Maildir++, RFC 4180) and what is said of a file that can't be read. Knows no department:
whose mail it is, and what it says, is for others to tell. Never changes a file.
"""

from __future__ import annotations

import csv
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, NoReturn
from zoneinfo import ZoneInfo

from mailbot.errors import MailbotError
from mailbot.mail.message import date_of

MOST_BYTES = 20_000_000
"""Octets of a message that are read; the words stand at its beginning."""

UNKNOWN = "patron@example.invalid"
"""The address of whoever wrote a row of a CSV that doesn't say."""

COLUMNS = ("text", "label", "subject", "date", "sender")
_LONGEST_FIELD = 2_000_000  # characters
_CHUNK = 1 << 16
_LEAVES = ("cur", "new", "tmp")
_SUFFIXES = (".mbox", ".mbx", ".mbs")
_DATED = re.compile(
    rb"From (?:.{0,998} )?((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:\d{1,2} +)?"
    rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) .{0,60})"
)
_HEADER = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|return-path|delivered-to|reply-to|sender|mime-version|status|"
    rb"content-[a-z-]+|x-[!-9;-~]+) *:",
    re.IGNORECASE,
)
_ESCAPED = re.compile(rb">+From ")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


@dataclass(frozen=True, slots=True)
class Item:
    """One message. ``raw`` is it as it lies there, cut to ``MOST_BYTES``; ``at`` (aware) when it came there, where that
    is known; ``place`` names it for people. ``problem`` says why it can't be read, or is "". ``label`` is whose a CSV
    says it is, ``start`` the octet of an mbox at which it begins.
    """

    raw: bytes
    at: datetime | None
    place: str
    problem: str = ""
    label: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class MailFolder:
    """An mbox or a maildir; ``name`` is what it is called, without the folders above it."""

    name: str
    path: Path
    maildir: bool

    def items(self) -> Iterator[Item]:
        """The messages in it, one at a time. Raises MailbotError where the folder itself can't be read (any more)."""
        return _maildir(self.path) if self.maildir else _mbox(self.path)


def is_csv(path: Path) -> bool:
    """Whether it is a CSV file, by its name."""
    return path.suffix.lower() == ".csv" and not path.is_dir()


def folders_at(path: Path) -> list[MailFolder]:
    """The mbox file that this is, or the mboxes and maildirs at and below a folder, in order of their paths. Raises
    MailbotError where there is none, or one can't be read.
    """
    with _explained(path):
        mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        if not _is_mbox(path):
            raise MailbotError(
                f"{path} is no mbox: its first line does not begin with “From ”; the name of a CSV ends in .csv"
            )
        return [_mbox_folder(path)]
    if not stat.S_ISDIR(mode):
        raise MailbotError(f"{path} is neither a file nor a folder")
    found = list(_walk(path))
    if not found:
        raise MailbotError(f"{path} holds no maildir (a folder with cur and new in it) and no mbox file")
    return found


def mails_in(path: Path, start: int = 0) -> Iterator[Item]:
    """The messages of an mbox from the one on that begins at that octet, one at a time; or what else the file holds,
    as one message. Raises MailbotError where it can't be read.
    """
    with _explained(path):
        holds_something = path.stat().st_size > 0
    return _mbox(path, start) if holds_something and _is_mbox(path) else _alone(path)


def rows_of(path: Path, zone: ZoneInfo) -> Iterator[Item]:
    """The rows of a CSV file (UTF-8, RFC 4180), each as the mail it may have been, one at a time. A date that names no
    zone is of ``zone``. Raises MailbotError, which names the line, where it can't be read.
    """
    with _explained(path), path.open(encoding="utf-8-sig", newline="") as file:
        csv.field_size_limit(_LONGEST_FIELD)
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            header = _header(next(reader, []), path)
            line = reader.line_num + 1
            for fields in reader:
                if fields:
                    yield _row(header, fields, f"{path}, line {line}", zone)
                line = reader.line_num + 1
        except csv.Error as error:
            raise MailbotError(f"{path}, line {line}: {error}; is a quotation mark left open?") from error
        except UnicodeDecodeError as error:
            raise MailbotError(f"{path}, line {line} or shortly below: not UTF-8; save it as UTF-8") from error


def _walk(top: Path) -> Iterator[MailFolder]:
    for place, below, files in os.walk(top, onerror=_refuse):
        here = Path(place)
        maildir = "cur" in below and "new" in below
        if maildir:
            yield MailFolder(_name_of(here), here, maildir=True)
            below[:] = [name for name in below if name not in _LEAVES]
        below.sort()
        for name in sorted(files if not maildir else ()):
            path = here / name
            if not name.startswith(".") and path.is_file() and path.stat().st_size and _is_mbox(path):
                yield _mbox_folder(path)


def _refuse(error: OSError) -> NoReturn:
    raise MailbotError(f"{error.filename} can't be read: {error.strerror}") from error


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise MailbotError(f"{path}: there is no such file or folder") from error
    except OSError as error:
        raise MailbotError(f"{path} can't be read: {error.strerror}") from error


def _is_mbox(path: Path) -> bool:
    """Whether its first line says so; an empty file is an empty mbox."""
    with _explained(path), path.open("rb") as file:
        start = file.read(_CHUNK).lstrip(b"\r\n")
    return start.startswith(b"From ") or not start


def _mbox_folder(path: Path) -> MailFolder:
    """Apple Mail makes a folder of that name with a file "mbox" in it."""
    named = path.resolve().parent if path.name == "mbox" else path
    return MailFolder(named.stem if named.suffix.lower() in _SUFFIXES else named.name, path, maildir=False)


def _name_of(maildir: Path) -> str:
    """A maildir's name; of a Maildir++ folder (".Archive.Reference", in IMAP's UTF-7) the last part."""
    name = maildir.resolve().name
    return _SHIFTED.sub(_unshifted, name.rpartition(".")[2] if name.startswith(".") else name)


def _unshifted(found: re.Match[str]) -> str:
    """RFC 3501 section 5.1.3."""
    if not found[1]:
        return "&"
    try:
        return f"+{found[1].replace(',', '/')}-".encode().decode("utf-7")
    except UnicodeDecodeError:
        return found[0]


# -- mbox -------------------------------------------------------------------------------------------------------------


def _mbox(path: Path, start: int = 0) -> Iterator[Item]:
    with _explained(path), path.open("rb") as file:
        file.seek(start)
        number, begins, at, room = 0, start, None, MOST_BYTES
        kept: list[bytes] = []
        for line, octet, separates in _marked_lines(file):
            if separates:
                if number:
                    yield Item(b"".join(kept), at, f"{path}, message {number}", start=begins)
                number, begins, at, kept, room = number + 1, octet, _date_in(line), [], MOST_BYTES
            elif number and room > 0:
                kept.append(line[:room])
                room -= len(line)
        if number:
            yield Item(b"".join(kept), at, f"{path}, message {number}", start=begins)


def _alone(path: Path) -> Iterator[Item]:
    with _explained(path), path.open("rb") as file:
        yield Item(file.read(MOST_BYTES), None, str(path))


def _marked_lines(file: IO[bytes]) -> Iterator[tuple[bytes, int, bool]]:
    """Each line without the mark that keeps it from looking like a separator, the octet at which it begins, and whether
    it is one. What is longer than a line should be comes in pieces.
    """
    octet = file.tell()
    fresh, blank, begun = True, True, False
    for line, after in pairwise(chain(iter(lambda: file.readline(_CHUNK), b""), [b""])):
        separates = fresh and (_separates(line, after, blank) or (not begun and line.startswith(b"From ")))
        begun = begun or separates
        yield (line[1:] if fresh and _ESCAPED.match(line) else line), octet, separates
        octet += len(line)
        blank = fresh and not line.strip()
        fresh = line.endswith(b"\n")


def _separates(line: bytes, after: bytes, blank: bool) -> bool:
    """Whether a message begins here; a sentence may begin with "From " too, where a program did not mark it."""
    return line.startswith(b"From ") and (
        _DATED.match(line) is not None or (blank and _HEADER.match(after) is not None)
    )


def _date_in(separator: bytes) -> datetime | None:
    found = _DATED.match(separator)
    return date_of(found[1].decode("ascii", "replace").strip()) if found else None


# -- maildir ----------------------------------------------------------------------------------------------------------


def _maildir(path: Path) -> Iterator[Item]:
    for leaf in ("cur", "new"):
        with _explained(path / leaf):
            names = sorted(one.name for one in (path / leaf).iterdir())
        for name in names:
            trashed = "T" in name.partition(":2,")[2]
            if not trashed and not name.startswith("."):
                yield _file(path / leaf / name)


def _file(path: Path) -> Item:
    try:
        if not path.is_file():
            return Item(b"", None, str(path), "it is no file, or was moved meanwhile")
        with path.open("rb") as file:
            at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            return Item(file.read(MOST_BYTES), at, str(path))
    except OSError as error:
        return Item(b"", None, str(path), f"it can't be read: {error.strerror}")


# -- CSV --------------------------------------------------------------------------------------------------------------


def _header(fields: list[str], path: Path) -> list[str]:
    header = [field.strip().lower() for field in fields]
    if not header:
        raise MailbotError(f"{path}, line 1: there should be the names of the columns: text,label")
    for column in header:
        if column not in COLUMNS:
            semicolons = "; commas should stand between them" if ";" in column or "\t" in column else ""
            raise MailbotError(f"{path}, line 1: column {column!r} is none of {', '.join(COLUMNS)}{semicolons}")
    for column in COLUMNS:
        if header.count(column) > 1 or (column in COLUMNS[:2] and column not in header):
            raise MailbotError(f"{path}, line 1: there should be one column {column!r}")
    return header


def _row(header: list[str], fields: list[str], place: str, zone: ZoneInfo) -> Item:
    if len(fields) != len(header):
        raise MailbotError(f"{place}: {len(fields)} fields where the first line has {len(header)}")
    table = dict(zip(header, fields, strict=True))
    sender = " ".join(table.get("sender", "").split())
    raw = (
        f"From: {sender if '@' in sender else UNKNOWN}\r\n"
        f"Subject: {' '.join(table.get('subject', '').split())}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{table['text']}"
    )
    at = _moment(table.get("date", "").strip(), place, zone)
    return Item(raw.encode("utf-8", "replace"), at, place, label=table["label"].strip())


def _moment(written: str, place: str, zone: ZoneInfo) -> datetime | None:
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    if (mailed := date_of(written)) is None:
        raise MailbotError(f"{place}: {written[:40]!r} is no date; write it as 2025-11-30, or leave it empty")
    return mailed
