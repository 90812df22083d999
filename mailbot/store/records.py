"""The frozen values that the store takes and gives. No row of a table leaves the package as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailbot.case import Case, Move, Standing
from mailbot.promises import Past
from mailbot.writing.letter import Letter


@dataclass(frozen=True, slots=True)
class Fetched:
    """One UID as fetched: the raw message, and the identity that ``mail`` read out of it."""

    uid: int
    raw: bytes
    message_id: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody has thought about yet. ``attempts`` counts earlier tries that failed."""

    id: int
    mailbox: str
    raw: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Unfiled:
    """A receipt whose message is decided but still lies in the inbox."""

    receipt: int
    uidvalidity: int
    uid: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Kept:
    """A case as the store has it, with its row id, and the ids and new texts of its messages, oldest first."""

    id: int
    case: Case
    touched: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """A case whose time matters, what is on record of that, and the mailbox that its letters leave by ("" for none)."""

    kept: Kept
    past: Past
    mailbox: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Until when a mailbox was read, and when somebody was told that it is not read any more, if they were."""

    read: datetime
    told: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a patron said when asked whether an answer helped: about which case, when, who had answered, yes or no."""

    case_id: int
    at: datetime
    department: str
    helped: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a case's history: when, what (an ``Occasion``, or a word of ``case``), who has it since, why."""

    at: datetime
    event: str
    department: str
    why: str


@dataclass(frozen=True, slots=True)
class Way:
    """What the history of a case says of its way, and whether a colleague was asked already whose it is."""

    moves: tuple[Move, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A message of a case that belongs to the inquiry: who wrote it, when it came, what was new in it."""

    id: int
    writer_name: str
    writer_address: str
    at: datetime
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """Messages of one case (a row id) that mailbot had filed and that lie in a department's folder now."""

    case_id: int
    messages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter to be put into the outbox: its fixed Message-ID, and the department it goes to ("" for a person)."""

    letter: Letter
    message_id: str
    department: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter in the outbox, due now."""

    id: int
    mailbox: str
    message_id: str
    department: str
    letter: Letter
    written_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class RestingPlace:
    """Where a message lies: the mailbox's name, how it was booked (None: not yet), and its Message-ID, or ""."""

    mailbox: str
    standing: Standing | None
    message_id: str


@dataclass(frozen=True, slots=True)
class SentBefore:
    """An earlier letter to somebody: its kind (the contract's `X-Mailbot-Letter`), subject, text, time, and case."""

    kind: str
    text: str
    at: datetime
    subject: str = ""
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class LetterTrace:
    """A letter of ours that a mail answers or gives back, ``to`` whose address (lower case). ``note``: its text, where
    answers are for the patron; ``records``: those behind what it says.
    """

    id: int
    kind: str
    to_patron: bool
    department: str
    case_id: int | None
    message_id: str
    note: str = ""
    to: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A masked text that somebody said the right department of: a fingerprint of who wrote it ("" where nobody knows),
    what, and who said so, when. ``vector`` is what the encoder asked for makes of it, b"" where that is not known.
    """

    writer: str
    subject: str
    text: str
    language: str
    department: str
    source: str
    at: datetime
    id: int = 0
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a case began with, as it was written; ``summary`` is it in a few words, or "" if private."""

    subject: str
    text: str
    language: str
    summary: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A text from elsewhere, with the key of its department: not masked yet. ``name`` and ``sender`` (an address) are
    its writer's, ``at`` (aware) when it was written, as far as that is known; ``summary`` is it in few words, or "" if
    they would be private.
    """

    subject: str
    text: str
    language: str
    department: str
    name: str = ""
    sender: str = ""
    at: datetime | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of bringing texts in: how many are new, were known with another label, were known."""

    new: int
    moved: int
    known: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of one patron. ``undecided`` of the messages nobody had decided on yet, ``unsent`` of the
    letters had not left; ``labels`` are the labelled texts, as the classifier got to see them.
    """

    messages: int
    undecided: int
    cases: int
    letters: int
    unsent: int
    labels: tuple[Labelled, ...]

    @property
    def nothing(self) -> bool:
        """Whether there was nothing of them on record."""
        return not (self.messages or self.cases or self.letters or self.labels)


@dataclass(frozen=True, slots=True)
class Sums:
    """Where every UID stands: ``received`` is always ``waiting`` plus the sum of ``by_standing``.

    ``unfiled`` (decided, still in the inbox) is told for its own sake; ``letters`` counts the outbox by state.
    """

    received: int
    waiting: int
    by_standing: tuple[tuple[Standing, int], ...]
    unfiled: int
    letters: tuple[tuple[str, int], ...]
    cases_open: int

    @property
    def agree(self) -> bool:
        """Whether the sums agree."""
        return self.received == self.waiting + sum(count for _, count in self.by_standing)
