"""Learning from what a library already has (`mailbot import`): mail of its past, department by department, as labels.

Owns which mail is an example and which is not, whose a folder is, and what is counted. Joins ``sources`` and the IMAP
edge to the store; what is kept takes the way that a corrected message takes: understood, stripped, masked. Changes
nothing where the mail lies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from mailbot.accounts import secret
from mailbot.classify import NOBODY
from mailbot.errors import ConfigError, MailbotError, Refused, Unreachable
from mailbot.library import Library
from mailbot.log import Event, note
from mailbot.mail import Kind, Ours, Understood, understand
from mailbot.mailbox import Arrival, Mailbox
from mailbot.masks import LONGEST
from mailbot.settings import Folders, MailboxSettings, Settings, ours
from mailbot.sources import MOST_BYTES, UNKNOWN, Item, folders_at, is_csv, rows_of
from mailbot.store import Brought, Store, content_of
from mailbot.writing import request_of

IMAP = "imap"
AT_ONCE = 50
MOST_NAMED = 20
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Mail dated before comes from a program without a clock."""


class Left(StrEnum):
    """Why a message is no example."""

    ROBOT = "automatic replies"
    BOUNCE = "bounces"
    BULK = "lists and newsletters"
    SPAM = "spam"
    OWN = "mailbot's own"
    STAFF = "colleagues' own mail and answers"
    THANKS = "thank-yous"
    EMPTY = "without words"
    NOBODYS = "nobody can tell who wrote them"
    UNREADABLE = "unreadable"
    DOUBLE = "known already"


_LEFT = {
    Kind.AUTO_REPLY: Left.ROBOT,
    Kind.BOUNCE: Left.BOUNCE,
    Kind.BULK: Left.BULK,
    Kind.SPAM: Left.SPAM,
    Kind.OWN: Left.OWN,
    Kind.THANKS: Left.THANKS,
    Kind.EMPTY: Left.EMPTY,
}


@dataclass(frozen=True, slots=True)
class Stranger:
    """A folder, or a label of a CSV, that is called like no department; ``nearest`` is the key it may mean, or ""."""

    name: str
    nearest: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of one department's mail: how much was read and taken, how much of that was another department's label
    before, and how much was left out for which reason. ``labels`` is how many it has by now, from wherever.
    """

    department: str
    read: int
    taken: int
    moved: int
    left: tuple[tuple[Left, int], ...]
    labels: int


@dataclass(frozen=True, slots=True)
class Past:
    """What an import came to: each department (and ``NOBODY``, where there is something) in the order of the directory.

    ``thin`` are the keys of those with fewer than ``few`` labels; ``strangers`` what was passed over by its name;
    ``unreadable`` names messages, the first ``MOST_NAMED``. ``problems`` are servers that failed, one line each, and
    ``by_itself`` whether another time may do. With ``rehearsed`` nothing was kept.
    """

    tallies: tuple[Tally, ...]
    thin: tuple[str, ...]
    few: int
    strangers: tuple[Stranger, ...]
    unreadable: tuple[str, ...]
    problems: tuple[str, ...]
    by_itself: bool
    rehearsed: bool


def bring(
    settings: Settings,
    source: str,
    *,
    environ: Mapping[str, str],
    now: datetime,
    department: str = "",
    mailbox: str = "",
    rehearsal: bool = False,
) -> Past:
    """Takes what ``source`` holds as labels: the path of an mbox, a maildir, a folder of them, or a CSV, or ``imap`` or
    ``imap:FOLDER``. ``department`` is whose all of it is, where no name says so; ``mailbox`` the one to look through.
    With ``rehearsal`` everything is done but kept.

    Raises MailbotError, before anything is kept, where the source can't be used or no department is named by it. What
    was kept before a later failure stays; doing it again takes what is left, and nothing twice.
    """
    found = _Source(settings, environ, _key(settings.library, department) if department else "")
    protocol, _, folder = source.partition(":")
    if protocol.lower() == IMAP:
        stream = found.from_imap(folder.strip("/"), mailbox)
    elif mailbox:
        raise MailbotError(f"--mailbox {mailbox} goes with `imap`; {source} is a file or a folder")
    else:
        stream = found.from_disk(Path(source))
    store = Store.rehearsal(settings.store.url) if rehearsal else Store.open(settings.store.url)
    try:
        intake = _Intake(settings, store, now, rehearsal)
        for key, item in stream:
            intake.take(key, item)
        past = intake.past(found)
    finally:
        store.close()
    if not rehearsal:
        note(
            Event.PAST_BROUGHT, read=sum(one.read for one in past.tallies), taken=sum(one.taken for one in past.tallies)
        )
    return past


def _key(library: Library, name: str) -> str:
    """The key of the department of that name. Raises MailbotError where there is none."""
    if (found := _named(library, name)) is None:
        near = library.nearest(name)
        known = ", ".join(one.key for one in library.departments)
        raise MailbotError(
            f"there is no department {name!r}; " + (f"did you mean {near.key}?" if near else f"known are {known}")
        )
    return found


def _named(library: Library, name: str) -> str | None:
    """The key of the department that goes by a name, as generously as in a `route:` line; ``NOBODY`` for its own."""
    if name.strip().lower() == NOBODY:
        return NOBODY
    department = library.find(name)
    return department.key if department else None


# -- what there is ----------------------------------------------------------------------------------------------------

_Stream = Iterator[tuple[str, Item]]


@dataclass(slots=True)
class _Source:
    """Finds mail, and whose it is. ``chosen`` is the department of all of it, or ""."""

    settings: Settings
    environ: Mapping[str, str]
    chosen: str
    strangers: dict[str, Stranger] = field(default_factory=dict)
    problems: list[MailbotError] = field(default_factory=list)

    def from_disk(self, path: Path) -> _Stream:
        """The messages of a file or folder. What is wrong with it as a whole is raised at once."""
        if is_csv(path):
            return self._from_csv(path)
        folders = [(self._whose(one.name), one) for one in folders_at(path)]
        known = [(key, one) for key, one in folders if key]
        if not known:
            self._refuse(str(path), "--department KEY says whose it is")
        return ((key, item) for key, one in known for item in one.items())

    def _from_csv(self, path: Path) -> _Stream:
        if self.chosen:
            raise MailbotError(f"{path} says itself whose each row is, in its column label; leave --department out")
        zone = self.settings.library.timezone
        # Read to its end first: a mistake in the last line is told before anything is kept.
        rows = known = 0
        for item in rows_of(path, zone):
            rows += 1
            known += bool(self._whose_row(item))
        if rows and not known:
            self._refuse(str(path), "write keys of departments.toml into its column label, or oos for nobody's")
        return ((key, item) for item in rows_of(path, zone) if (key := self._whose_row(item)))

    def _whose_row(self, item: Item) -> str:
        return self._whose(item.label or NOBODY)

    def _whose(self, name: str) -> str:
        """The key of the department a folder is named after, or ""; what is passed over is remembered."""
        if self.chosen:
            return self.chosen
        if (key := _named(self.settings.library, name)) is None:
            near = self.settings.library.nearest(name)
            self.strangers.setdefault(name, Stranger(name, near.key if near else ""))
        return key or ""

    def _refuse(self, where: str, cure: str) -> None:
        raise MailbotError(
            f"{where}: nothing in it is named after a department ({named(self.strangers.values())}); {cure}"
        )

    def from_imap(self, folder: str, mailbox: str) -> _Stream:
        """The messages of folders named after departments, in every mailbox or in one. A server that fails is noted,
        and is no reason not to ask the next.
        """
        if self.chosen and not folder:
            raise MailbotError("--department says whose one folder is; name that folder: mailbot import imap:FOLDER")
        found = [(one, *self._listed(one, folder)) for one in self._mailboxes(mailbox)]
        if not any(folders for _, folders, _ in found):
            if self.problems:
                raise self.problems[0]
            self._no_folder(folder, [name for _, _, there in found for name in there])
        return (pair for one, folders, _ in found for pair in self._looked_through(one, folders))

    def _mailboxes(self, name: str) -> Sequence[MailboxSettings]:
        if not name:
            return self.settings.mailboxes
        chosen = [one for one in self.settings.mailboxes if name in (one.name, one.address)]
        if not chosen:
            known = ", ".join(one.name for one in self.settings.mailboxes)
            raise ConfigError(f"there is no mailbox {name!r} in mailbot.toml; known are {known}")
        return chosen

    def _listed(self, mailbox: MailboxSettings, under: str) -> tuple[list[tuple[str, str]], list[str]]:
        """The folders to read, each with its department's key, and the names of all there are."""
        box = self._open(mailbox)
        try:
            box.examine("INBOX")
            there = box.folders()
        except (Unreachable, Refused) as error:
            self.problems.append(error)
            return [], []
        finally:
            box.close()
        asked = [name for name in there if not under or name == under or name.startswith(f"{under}/")]
        if not self.chosen:
            asked = [name for name in asked if name != "INBOX" and name not in _filed(self.settings.folders)]
        return [(key, name) for name in asked if (key := self._whose_folder(name))], there

    def _whose_folder(self, folder: str) -> str:
        """The same of an IMAP folder. That one in which mailbot's own lie is no department's goes without saying."""
        name = folder.rpartition("/")[2]
        if folder in _above(self.settings.folders) and _named(self.settings.library, name) is None:
            return self.chosen
        return self._whose(name)

    def _no_folder(self, folder: str, there: Sequence[str]) -> None:
        if folder and not any(name == folder or name.startswith(f"{folder}/") for name in there):
            near = get_close_matches(folder, there, n=1)
            raise MailbotError(
                f"there is no folder {folder!r}; "
                + (f"did you mean {near[0]!r}?" if near else f"there are {listed(there)}")
            )
        self._refuse("IMAP", "name a folder and whose it is: mailbot import imap:FOLDER --department KEY")

    def _open(self, mailbox: MailboxSettings) -> Mailbox:
        return Mailbox(mailbox.imap, lambda: secret(mailbox.imap, self.environ))

    def _looked_through(self, mailbox: MailboxSettings, folders: Sequence[tuple[str, str]]) -> _Stream:
        for key, name in folders:
            box = self._open(mailbox)
            try:
                for item in _items(box, name, f"{mailbox.name}, {name}"):
                    yield key, item
            except (Unreachable, Refused) as error:
                self.problems.append(error)
                if isinstance(error, Unreachable):
                    return  # the next folder would only wait for the same server
            finally:
                box.close()


def _filed(folders: Folders) -> tuple[str, ...]:
    """Where mailbot itself puts mail: its own opinion is no label."""
    return (folders.routed, folders.held, folders.unanswered, folders.failed)


def _above(folders: Folders) -> frozenset[str]:
    """The folders that mailbot's own lie in, and those that it reads."""
    parts = [name.strip("/").split("/") for name in (*_filed(folders), f"{folders.departments.strip('/')}/any")]
    return frozenset("/".join(levels[:count]) for levels in parts for count in range(1, len(levels)))


def _items(box: Mailbox, folder: str, where: str) -> Iterator[Item]:
    """The messages of an IMAP folder, a portion in memory at a time."""
    validity = box.examine(folder)
    for portion in box.portions(box.uids(), AT_ONCE, MOST_BYTES):
        arrived = {one.uid: one for one in _fetched(box, folder, validity, portion)}
        for uid in portion:
            place, one = f"{where}, UID {uid}", arrived.get(uid)
            if one is None:
                yield Item(b"", None, place, "the server does not hand it out")
            else:
                yield Item(one.raw, one.internal_date, place)


def _fetched(box: Mailbox, folder: str, validity: int, portion: Sequence[int]) -> list[Arrival]:
    """The messages of a portion; where that fails one by one, so that one the server can't read stops no other."""
    try:
        return box.fetch(portion, MOST_BYTES)
    except (Unreachable, Refused):
        pass
    found: list[Arrival] = []
    missed = 0
    for uid in portion:
        if box.examine(folder) != validity:
            raise Unreachable("a folder was numbered anew meanwhile; import it again")
        try:
            found += box.fetch([uid], MOST_BYTES)
            missed = 0
        except (Unreachable, Refused):
            missed += 1
            if missed == 2:  # not one message, then: the server
                raise
    return found


def named(strangers: Iterable[Stranger]) -> str:
    """Names that are no department's, those with a hint first."""
    said = [f"{one.name} (did you mean {one.nearest}?)" if one.nearest else one.name for one in strangers]
    return listed(sorted(said, key=lambda one: not one.endswith("?)"))) or "it is empty"


def listed(names: Sequence[str]) -> str:
    """The first of these, and how many more there are."""
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


# -- what is taken ----------------------------------------------------------------------------------------------------


class _Intake:
    """Screens messages, keeps labels a handful at a time, and counts."""

    def __init__(self, settings: Settings, store: Store, now: datetime, rehearsal: bool) -> None:
        self._library = settings.library
        self._ours = ours(settings.library)
        self._shelf: _Shelf | _Rehearsed = _Rehearsed(store) if rehearsal else _Shelf(store, now)
        self._now = now
        self._rehearsal = rehearsal
        self._waiting: list[Brought] = []
        self._read: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()
        self._moved: Counter[str] = Counter()
        self._left: Counter[tuple[str, Left]] = Counter()
        self._unreadable: list[str] = []
        with store.reading() as session:
            self._labels: Counter[str] = Counter(session.label_counts())

    def take(self, key: str, item: Item) -> None:
        """One message that is the department's."""
        self._read[key] += 1
        try:
            found = Left.UNREADABLE if item.problem else self._sorted(key, item)
            problem = item.problem or "this is no mail message"
        except Exception as error:  # noqa: BLE001 - one poison message must not end the import
            found, problem = Left.UNREADABLE, type(error).__name__
        if isinstance(found, Brought):
            self._waiting.append(found)
            if len(self._waiting) >= AT_ONCE:
                self._keep()
            return
        self._left[key, found] += 1
        if found is Left.UNREADABLE and len(self._unreadable) < MOST_NAMED:
            self._unreadable.append(f"{item.place}: {problem}")

    def _sorted(self, key: str, item: Item) -> Brought | Left:
        message = understand(item.raw, self._ours)
        return _why_not(message, self._ours) or self._label(key, message, item)

    def _label(self, key: str, message: Understood, item: Item) -> Brought:
        writer = message.writer
        known = writer is not None and writer.address != UNKNOWN
        return Brought(
            subject=message.subject,
            text=message.text[:LONGEST],
            language=message.language,
            department=key,
            name=writer.name if writer and known else "",
            sender=writer.address if writer and known else "",
            at=self._when(message.message.date, item.at),
            summary=request_of(message, self._library),
        )

    def _when(self, *known: datetime | None) -> datetime:
        """The first of these moments that can be true: since there is mail, and not in the future."""
        likely = (one for one in known if one is not None and one >= EARLIEST)
        return min(next(likely, self._now), self._now)

    def _keep(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one, before in zip(waiting, self._shelf.keep(waiting), strict=True):
            if before == one.department:
                self._left[one.department, Left.DOUBLE] += 1
                continue
            self._taken[one.department] += 1
            self._labels[one.department] += 1
            if before is not None:
                self._moved[one.department] += 1
                self._labels[before] -= 1

    def past(self, source: _Source) -> Past:
        """All that came of it."""
        from mailbot.classify.carding import FEW  # numpy, when there is something to say

        self._keep()
        keys = [one.key for one in self._library.departments]
        return Past(
            tallies=tuple(self._tally(key) for key in (*keys, NOBODY) if key != NOBODY or self._read[key]),
            thin=tuple(key for key in keys if self._labels[key] < FEW),
            few=FEW,
            strangers=tuple(source.strangers.values()),
            unreadable=tuple(self._unreadable),
            problems=tuple(str(problem) for problem in source.problems),
            by_itself=all(isinstance(problem, Unreachable) for problem in source.problems),
            rehearsed=self._rehearsal,
        )

    def _tally(self, key: str) -> Tally:
        left = tuple((why, count) for why in Left if (count := self._left[key, why]))
        return Tally(key, self._read[key], self._taken[key], self._moved[key], left, self._labels[key])


def _why_not(message: Understood, mine: Ours) -> Left | None:
    """Why it is no example, or None where a patron asks. What colleagues say on their own behalf teaches nothing of
    what patrons ask; where they passed a patron's mail on, the patron is its writer.
    """
    if not message.message.is_mail:
        return Left.UNREADABLE
    if message.kind in _LEFT:
        return _LEFT[message.kind]
    if message.writer is None:
        return Left.NOBODYS
    if mine.is_staff(message.writer):
        return Left.STAFF
    if message.writer.key in mine.addresses:
        return Left.OWN
    return None if message.text.strip() else Left.EMPTY


class _Shelf:
    """Where labels are kept."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def keep(self, labels: Sequence[Brought]) -> list[str | None]:
        """Keeps these; for each the department it was known as before, or None."""
        before: list[str | None] = []
        with self._store.writing() as session:
            for one in labels:
                before.append(session.brought_as(one))
                session.bring([one], self._now)
        return before


class _Rehearsed:
    """Where labels would be kept: only a digest of each is, in memory."""

    def __init__(self, store: Store) -> None:
        self._known: dict[str, str] = {}
        self._store = store

    def keep(self, labels: Sequence[Brought]) -> list[str | None]:
        """What ``_Shelf.keep`` would say."""
        before: list[str | None] = []
        with self._store.reading() as session:
            for one in labels:
                content = content_of(one)
                before.append(self._known.get(content) or session.brought_as(one))
                self._known[content] = one.department
        return before
