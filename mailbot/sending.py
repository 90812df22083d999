"""Letters on their way: put together, handed in, booked; again later where a server says so.

Joins the outbox of the store to SMTP. A letter keeps its Message-ID for every try.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailbot.case import Standing
from mailbot.delivery import Delivery, Parcel
from mailbot.errors import DeliveryFailure, StoreError, named
from mailbot.handling import Handler
from mailbot.log import Event, note
from mailbot.mailbox import Mailbox
from mailbot.retry import retry_at
from mailbot.settings import Folders, MailboxSettings, Settings
from mailbot.store import Outgoing, RestingPlace, Store
from mailbot.writing import Writer, compose
from mailbot.writing.facts import Record, Source
from mailbot.writing.letter import Letter, LetterKind
from mailbot.writing.original import LeftOut, shortened
from mailbot.writing.staff_facts import NoteLeftOut

LEASE = timedelta(minutes=10)
LETTERS_AT_ONCE = 200
MARK_EVERY = 20
ROOM_FOR_WORDS = 20_000  # octets that a longer note may take


@dataclass(slots=True)
class Post:
    """One mailbox's two servers. The locks keep a second thread from using a connection that is in use.

    ``taken`` are letters that a server took and the store does not know it yet: they must not leave again. ``adrift``
    are letters that were to be tried, were not taken, and the store does not know that yet: they must not wait for it.
    ``withheld`` are UIDs that the server lists and would not hand out: they are asked for last, each alone.
    ``looked`` is how far each department's folder has been looked at.
    ``read`` is the moment up to which all that came has been read, None before the first time; ``noted`` is the last
    of these that the store knows.
    """

    settings: MailboxSettings
    inbox: Mailbox
    delivery: Delivery
    taken: list[int] = field(default_factory=list)
    adrift: list[int] = field(default_factory=list)
    withheld: set[int] = field(default_factory=set)
    looked: dict[str, tuple[int, int]] = field(default_factory=dict)
    read: datetime | None = None
    noted: datetime | None = None
    collecting: threading.Lock = field(default_factory=threading.Lock)
    delivering: threading.Lock = field(default_factory=threading.Lock)


class Sender:
    """Delivers what waits in the outbox. ``chance`` gives a number from 0 to 1, so that retries spread; ``stopping``
    ends a delivery between two letters.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        handler: Handler,
        writer: Writer,
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        stopping: threading.Event,
    ) -> None:
        self.store = store
        self.stopping = stopping
        self.now = clock
        self._settings = settings
        self._handler = handler
        self._writer = writer
        self._chance = chance
        self._inboxes = {mailbox.name: mailbox.address for mailbox in settings.mailboxes}

    def deliver(self, post: Post) -> None:
        """Sends every letter of a mailbox that is due. Raises Unreachable, Refused or StoreError."""
        name = post.settings.name
        with post.delivering:
            self.mark(post)
            while not self.stopping.is_set():
                now = self.now()
                with self.store.reading() as session:
                    due = session.due(name, now, LETTERS_AT_ONCE)
                if not due:
                    return
                post.adrift = [letter.id for letter in due]  # whether or not it is committed, if that fails
                with self.store.writing() as session:
                    session.trying(post.adrift, now + LEASE)
                post.adrift = []
                _Round(self, post, due).send()

    def mark(self, post: Post) -> None:
        """Books what a server took, and what it did not; where that fails it is done before anything else leaves."""
        if post.taken or post.adrift:
            with self.store.writing() as session:
                session.sent(post.taken, self.now())
                session.due_again(post.adrift, self.now())
            post.taken, post.adrift = [], []

    def failed_for_good(self, outgoing: Outgoing, failure: str) -> None:
        """A letter that no server will take."""
        self._handler.undeliverable(outgoing, failure)

    def next_try(self, outgoing: Outgoing, failure: DeliveryFailure, now: datetime) -> datetime | None:
        """When to try a letter again, or None to give up."""
        return retry_at(
            failure,
            outgoing.attempts + 1,
            now,
            self._chance(),
            timedelta(days=self._settings.worker.give_up_days),
            outgoing.written_at,
        )

    def within_size(self, outgoing: Outgoing, originals: Sequence[bytes], data: bytes) -> bytes:
        """A mail to staff as it is, or, where servers would refuse it, without its largest files; the note says so."""
        most = self._settings.worker.largest_mail * 1_000_000
        if len(data) <= most or not originals or outgoing.letter.to_patron:
            return data
        kept, gone = shortened(originals, sum(map(len, originals)) * most // len(data) - ROOM_FOR_WORDS)
        with self.store.reading() as session:
            places = session.resting_places(outgoing.letter.carries)
        letter = outgoing.letter
        for at in sorted({one.original for one in gone}):
            letter = self._writer.amended(
                letter, self._left_out(places[at], [one for one in gone if one.original == at])
            )
        return compose(letter, message_id=outgoing.message_id, date=outgoing.written_at, originals=kept)

    def _left_out(self, place: RestingPlace, gone: Sequence[LeftOut]) -> NoteLeftOut:
        return NoteLeftOut(
            files=tuple(f"{one.name} ({max(1, round(one.size / 1_000_000))} MB)" for one in gone if one.name),
            mailbox=self._inboxes.get(place.mailbox, place.mailbox),  # one that is no longer read has its name
            folder=folder_of(self._settings.folders, place.standing) if place.standing else "INBOX",
            name=place.message_id,
            sources=(Source(Record.MESSAGE, f"size of {place.message_id}"),),
        )


class _Round:
    """One handful of letters on its way: what was sent is marked every few letters."""

    def __init__(self, sender: Sender, post: Post, due: Sequence[Outgoing]) -> None:
        self._sender = sender
        self._post = post
        self._due = {letter.id: letter for letter in due}
        self._left = dict(self._due)

    def send(self) -> None:
        """Hands the letters in; letters that no server was reached for are put back untried."""
        try:
            self._post.delivery.deliver(self._parcels(), self._report)
        finally:
            with self._remembered(*self._left):
                self._sender.mark(self._post)
                if self._left:
                    with self._sender.store.writing() as session:
                        session.untried(list(self._left), self._sender.now())

    @contextmanager
    def _remembered(self, *letters: int) -> Iterator[None]:
        """Keeps in mind that these letters have not left, where the store can't be told what became of them."""
        try:
            yield
        except StoreError:
            self._post.adrift += letters
            raise

    def _parcels(self) -> Iterator[Parcel]:
        for letter in self._due.values():
            if self._sender.stopping.is_set():
                return
            data = self._composed(letter)
            if data is not None:
                sender = "" if is_automatic(letter.letter) else self._post.settings.address
                yield Parcel(letter.id, sender, letter.letter.to.address, data)

    def _composed(self, letter: Outgoing) -> bytes | None:
        """The whole mail; None where it can't be put together: then the letter has failed, and holds up no other."""
        originals: list[bytes] = []
        if letter.letter.carries:
            with self._sender.store.reading() as session:
                originals = session.originals(letter.letter.carries)
        try:
            data = compose(letter.letter, message_id=letter.message_id, date=letter.written_at, originals=originals)
            return self._sender.within_size(letter, originals, data)
        except Exception as error:  # noqa: BLE001 - a poison letter must not take the others with it
            del self._left[letter.id]
            with self._remembered(letter.id):
                self._sender.failed_for_good(letter, f"it cannot be put together ({named(error)})")
            return None

    def _report(self, parcel: Parcel, failure: DeliveryFailure | None) -> None:
        letter = self._left.pop(parcel.letter_id)
        if failure is None:
            self._post.taken.append(letter.id)
            note(Event.LETTER_SENT, letter=letter.message_id, case=letter.letter.case_ref)
            # One that was tried before is booked at once: a worker killed again and again must not repeat it so.
            if letter.attempts or len(self._post.taken) >= MARK_EVERY:
                self._sender.mark(self._post)
            return
        with self._remembered(letter.id):
            self._put_off(letter, failure)

    def _put_off(self, letter: Outgoing, failure: DeliveryFailure) -> None:
        """Books that a server did not take a letter: for later, or for good."""
        now = self._sender.now()
        again = None if failure.permanent else self._sender.next_try(letter, failure, now)
        if again is None:
            self._sender.failed_for_good(letter, str(failure))
            return
        note(Event.LETTER_POSTPONED, letter=letter.message_id, case=letter.letter.case_ref, error=str(failure))
        with self._sender.store.writing() as session:
            session.postponed(letter.id, str(failure), again)


def is_automatic(letter: Letter) -> bool:
    """Whether a letter leaves so that no machine answers it; a colleague's words must come back if they are lost."""
    return letter.to_patron and letter.kind is not LetterKind.RELAY


def folder_of(folders: Folders, standing: Standing) -> str:
    """The folder that messages of this standing are filed in."""
    by_standing = {
        Standing.ROUTED: folders.routed,
        Standing.ADDED: folders.routed,
        Standing.HELD: folders.held,
        Standing.UNANSWERED: folders.unanswered,
        Standing.FAILED: folders.failed,
    }
    return by_standing[standing]
