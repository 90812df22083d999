"""The past of a mailbox, played through the bot without effect: what it would have done with each mail when that came.

Looks into mailboxes or files and changes nothing there. Its books are in memory and gone at the end, and hold no raw
mail; nothing is ever handed to a mail server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import merge
from operator import attrgetter
from pathlib import Path

from mailbot.accounts import secret
from mailbot.classify.prediction import Classifier
from mailbot.errors import ConfigError, ConstraintBroken, MailbotError, Refused, Unreachable
from mailbot.handling import Handler
from mailbot.mail import parse
from mailbot.mailbox import Mailbox
from mailbot.recording import Handled
from mailbot.settings import MailboxSettings, Settings
from mailbot.sources import Item, folders_at, mails_in
from mailbot.store import Fetched, Store
from mailbot.writing import Writer

DAY = timedelta(days=1)
MESSAGES, OCTETS = 50, 20_000_000  # that are fetched at once
GONE = "it is no longer there, or the server does not hand it out"
GONE_FROM_FILE = "it is no longer in the file"


@dataclass(frozen=True, slots=True)
class Past:
    """A mail of the past: the mailbox it came to, the folder or file it was found in, when it came (aware), its bytes.

    ``problem`` is why it could not be read, or "".
    """

    mailbox: str
    place: str
    at: datetime
    raw: bytes
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """What would have become of a mail. ``handled`` is None where it could not be handled, for ``problem``, and where
    it is a copy of one that was played before.
    """

    past: Past
    handled: Handled | None
    problem: str = ""


def played(past: Iterable[Past], settings: Settings, classifier: Classifier, writer: Writer) -> Iterator[Played]:
    """What would have become of each mail, in order; they have to come oldest first."""
    with closing(_Stage(settings, classifier, writer)) as stage:
        for one in past:
            yield stage.play(one)


@dataclass(slots=True)
class Archive:
    """The folders of some mailboxes since a moment (aware). ``problems`` are what kept it from reading all of them;
    ``by_itself`` is whether waiting may be all that these need.
    """

    mailboxes: Sequence[MailboxSettings]
    folders: Sequence[str]
    since: datetime
    environ: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    by_itself: bool = True

    def __iter__(self) -> Iterator[Past]:
        """All mail, oldest first. One mailbox that fails does not stop the others."""
        return merge(*(self._guarded(each) for each in self.mailboxes), key=attrgetter("at"))

    def _guarded(self, settings: MailboxSettings) -> Iterator[Past]:
        with closing(Mailbox(settings.imap, lambda: secret(settings.imap, self.environ))) as inbox:
            try:
                yield from _looked_up(inbox, settings.name, self.folders, self.since)
            except (Unreachable, Refused, ConfigError) as error:
                self.problems.append(f"{settings.name}: {error}")
                self.by_itself = self.by_itself and isinstance(error, Unreachable)


def chosen(settings: Settings, name: str | None) -> tuple[MailboxSettings, ...]:
    """The mailbox of that name, or all of them. Raises ConfigError where there is none such."""
    found = tuple(one for one in settings.mailboxes if name in (None, one.name))
    if not found:
        known = ", ".join(one.name for one in settings.mailboxes)
        raise ConfigError(f"there is no mailbox {name!r} in mailbot.toml; there are: {known}")
    return found


def in_files(paths: Sequence[Path], mailbox: str, now: datetime) -> Iterator[Past]:
    """The mails of files, each one mail or an mbox, and of the mboxes and maildirs at and below folders; oldest first
    by their Date, else by when they came there; one of which neither is known comes last, as of now.

    Raises MailbotError where a file or folder can't be read.
    """
    index: list[tuple[datetime, int, Path, int]] = []
    for path in paths:
        for item, file in _items_at(path):
            at = parse(item.raw).date or item.at or now
            index.append((min(at, now), len(index), file, item.start))
    for at, _, file, start in sorted(index):
        again = _again(file, start)  # years of mail need not be held meanwhile
        yield Past(mailbox, str(file), at, again.raw if again else b"", "" if again else GONE_FROM_FILE)


def _items_at(path: Path) -> Iterator[tuple[Item, Path]]:
    """Each mail at a path, and the file in which it lies."""
    if not path.is_dir():
        yield from ((item, path) for item in mails_in(path))
        return
    for folder in folders_at(path):
        for item in folder.items():
            yield item, Path(item.place) if folder.maildir else folder.path


def _again(file: Path, start: int) -> Item | None:
    """A mail that was there before; None where it no longer is, or can't be read."""
    with suppress(MailbotError):
        return next(mails_in(file, start), None)
    return None


@dataclass(frozen=True, slots=True, order=True)
class _Spot:
    at: datetime
    folder: int
    uid: int
    size: int


def _looked_up(inbox: Mailbox, name: str, folders: Sequence[str], since: datetime) -> Iterator[Past]:
    spots: list[_Spot] = []
    for number, folder in enumerate(folders):
        inbox.examine(folder)
        there = inbox.lying((since - DAY).date())  # the server's days may begin earlier than ours
        spots += [_Spot(one.internal_date, number, one.uid, one.size) for one in there if one.internal_date >= since]
    for portion in _portions(sorted(spots)):
        raws: dict[tuple[int, int], bytes] = {}
        for number, folder in enumerate(folders):
            wanted = [spot.uid for spot in portion if spot.folder == number]
            raws |= {(number, uid): raw for uid, raw in _raws(inbox, folder, wanted)} if wanted else {}
        for spot in portion:
            raw = raws.get((spot.folder, spot.uid))
            yield Past(name, folders[spot.folder], spot.at, raw or b"", "" if raw is not None else GONE)


def _portions(spots: Sequence[_Spot]) -> Iterator[list[_Spot]]:
    portion: list[_Spot] = []
    room = OCTETS
    for spot in spots:
        if portion and (len(portion) == MESSAGES or spot.size > room):
            yield portion
            portion, room = [], OCTETS
        portion.append(spot)
        room -= spot.size
    if portion:
        yield portion


def _raws(inbox: Mailbox, folder: str, uids: Sequence[int]) -> list[tuple[int, bytes]]:
    """Each UID's bytes; those that the server hands out neither with others nor alone are missing.

    Raises Unreachable or Refused where that is so of two in a row: then it is not one message, but the server.
    """
    with suppress(Unreachable, Refused):
        inbox.examine(folder)
        return [(one.uid, one.raw) for one in inbox.fetch(uids)]
    found: list[tuple[int, bytes]] = []
    missed = 0
    for uid in uids:
        inbox.examine(folder)
        try:
            found += [(one.uid, one.raw) for one in inbox.fetch([uid])]
            missed = 0
        except (Unreachable, Refused):
            missed += 1
            if missed == 2:
                raise
    return found


class _Stage:
    """The bot with books of its own, on which the clock stands at whatever mail is being played."""

    def __init__(self, settings: Settings, classifier: Classifier, writer: Writer) -> None:
        self._store = Store.open("sqlite://")
        self._heard: list[Handled] = []
        self._now = datetime.fromtimestamp(0, UTC)
        self._names = 0
        self._mails = 0
        self._handler = Handler(
            settings,
            self._store,
            classifier,
            writer,
            clock=lambda: self._now,
            ids=self._next_name,
            heard=self._heard.append,
        )
        with self._store.writing() as session:
            session.make_key("corrections", b"rehearsal")

    def play(self, past: Past) -> Played:
        """What would have become of the next mail."""
        if past.problem:
            return Played(past, None, past.problem)
        self._now = past.at
        self._heard.clear()
        try:
            problem = self._handle(past)
        except ConstraintBroken as error:
            return Played(past, None, str(error))
        return Played(past, next(iter(self._heard), None), problem)

    def _handle(self, past: Past) -> str:
        """Books and handles a mail; what went wrong, or ""."""
        message = parse(past.raw)
        self._mails += 1
        # Nothing asks for the raw mail later on, so weeks of it need not be held.
        bare = Fetched(self._mails, b"", message.message_id, message.content_hash)
        with self._store.writing() as session:
            session.keep(past.mailbox, 1, [bare], past.at)
            waiting = session.waiting(1, OCTETS)
            failed = self._handler.rehearse(session, [replace(one, raw=past.raw) for one in waiting])
        return next(iter(failed.values()), "")

    def _next_name(self) -> str:
        """The same ones each time, so that the same past gets the same letters."""
        self._names += 1
        return f"rehearsal-{self._names}"

    def close(self) -> None:
        """All of it is forgotten."""
        self._store.close()
