"""Looks whether a mailbox has not been read for hours; whoever runs mailbot is told, once a day.

Asks the store and puts a letter into the outbox. Why a mailbox can't be read is in the log, and for `check` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from mailbot.errors import named
from mailbot.log import Event, note
from mailbot.mail import Address
from mailbot.settings import Settings
from mailbot.store import Reading, Session, Store, Written
from mailbot.writing import Writer
from mailbot.writing.watch import unread_plan

UNREAD = timedelta(hours=4)
"""Most servers are back sooner, and nobody needs to know."""
AGAIN = timedelta(days=1)


class Unread:
    """Watches that mailboxes are read. ``ids`` and ``clock`` are as in ``reminding.Reminder``."""

    def __init__(
        self, settings: Settings, store: Store, writer: Writer, *, clock: Callable[[], datetime], ids: Callable[[], str]
    ) -> None:
        self._settings = settings
        self._store = store
        self._writer = writer
        self._clock = clock
        self._ids = ids

    def look(self, busy: Collection[str]) -> frozenset[str]:
        """Writes of each mailbox that has not been read for long; the mailboxes that have letters since.

        ``busy`` are those that are being read right now.
        """
        now = self._clock()
        with self._store.reading() as session:
            found = session.readings()
        posted: set[str] = set()
        for mailbox in self._settings.mailboxes:
            reading = found.get(mailbox.name)
            if reading is None or mailbox.name in busy or now - reading.read < UNREAD:
                continue
            if reading.told is not None and now - reading.told < AGAIN:
                continue
            note(Event.MAILBOX_UNREAD, mailbox=mailbox.name, since=reading.read.isoformat())
            with self._store.writing() as session:
                posted |= self._tell(session, mailbox.name, found, now)
                session.note_told(mailbox.name, now)
        return frozenset(posted)

    def _tell(self, session: Session, unread: str, found: Mapping[str, Reading], now: datetime) -> set[str]:
        """Puts the letter into the outbox of a mailbox that is read, if there is one; the name of that."""
        library, mailboxes = self._settings.library, self._settings.mailboxes
        read = (one for one in mailboxes if one.name in found and now - found[one.name].read < UNREAD)
        mailbox = next(read, mailboxes[0])
        since = found[unread].read
        overdue = sum(one.mailbox == unread and _is_over(one.kept.case.due, now) for one in session.promised())
        to = Address("", self._settings.digest.admin or library.triage.email)
        sender = Address(library.name, mailbox.address)
        name = f"<{self._ids()}.mailbot@{sender.domain}>"
        try:
            letter = self._writer.digest(unread_plan(unread, since, overdue, library), to, sender, library, now)
        except Exception as error:  # noqa: BLE001 - a letter that can't be worded must not keep promises waiting
            note(Event.LETTER_FAILED, letter=name, error=named(error))
            return set()
        session.post([Written(letter, name, "")], mailbox.name, None, None, now)
        return {mailbox.name}


def _is_over(due: datetime | None, now: datetime) -> bool:
    return due is not None and due <= now
