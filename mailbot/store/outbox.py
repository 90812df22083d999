"""Letters: written, waiting, sent, come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from mailbot.case import Standing
from mailbot.store.records import (
    LetterTrace,
    Outgoing,
    RestingPlace,
    SentBefore,
    Written,
)
from mailbot.store.rows import letter_row, outgoing
from mailbot.store.tables import (
    letters,
    messages,
)
from mailbot.store.transaction import Transaction

# What is asked for every message is built once: building a statement costs more than running it.
LETTERS_TO = (
    select(letters.c.kind, letters.c.text, letters.c.written_at, letters.c.subject, letters.c.case_id)
    .where(letters.c.to_key == bindparam("address"))
    .order_by(letters.c.written_at.desc(), letters.c.id.desc())
    .limit(bindparam("most"))
)
TO_PATRONS = select(func.count()).select_from(
    select(letters.c.id)
    .where(letters.c.mailbox == bindparam("mailbox"), letters.c.written_at > bindparam("since"), letters.c.to_patron)
    .limit(bindparam("most"))
    .subquery()
)
POST = insert(letters)


class Outbox(Transaction):
    """What leaves, and what has left."""

    __slots__ = ()

    def letters_named(self, message_ids: Sequence[str]) -> list[LetterTrace]:
        """Letters of ours by Message-ID, in the order of the ids given."""
        if not message_ids:
            return []
        columns = (letters.c.message_id, letters.c.id, letters.c.kind, letters.c.to_patron, letters.c.department)
        also = (letters.c.case_id, letters.c.reply_to, letters.c.text, letters.c.to_key, letters.c.sources)
        rows = self.connection.execute(select(*columns, *also).where(letters.c.message_id.in_(message_ids))).all()
        by_id = {
            row.message_id: LetterTrace(
                row.id,
                row.kind,
                row.to_patron,
                row.department,
                row.case_id,
                row.message_id,
                row.text if row.reply_to else "",
                row.to_key,
                tuple(record for _, record in row.sources),
            )
            for row in rows
        }
        return [by_id[name] for name in message_ids if name in by_id]

    def letters_to(self, address: str, limit: int = 20) -> list[SentBefore]:
        """The newest letters to an address (lower case), oldest of them first."""
        rows = self.connection.execute(LETTERS_TO, {"address": address, "most": limit}).all()
        return [SentBefore(row.kind, row.text, row.written_at, row.subject, row.case_id) for row in reversed(rows)]

    def records_told(self, case_id: int) -> list[str]:
        """The records behind all that letters to the patron of a case have said, or will once they leave."""
        arriving = and_(letters.c.case_id == case_id, letters.c.to_patron, letters.c.state.in_(["waiting", "sent"]))
        rows = self.connection.execute(select(letters.c.sources).where(arriving)).scalars()
        return [record for sources in rows for _, record in sources]

    def letters_to_patrons(self, mailbox: str, since: datetime, most: int) -> int:
        """How many letters to patrons a mailbox has written since then; counts no further than ``most``."""
        values = {"mailbox": mailbox, "since": since, "most": most}
        return int(self.connection.execute(TO_PATRONS, values).scalar_one())

    def bounced_before(self, letter: int) -> bool:
        """Whether an earlier bounce of this letter has been dealt with."""
        return self.connection.execute(select(letters.c.state).where(letters.c.id == letter)).scalar() == "returned"

    def post(
        self, written: Sequence[Written], mailbox: str, case_id: int | None, cause: int | None, now: datetime
    ) -> None:
        """Puts letters into the outbox. A second letter to the patron for one message violates a constraint."""
        if written:
            rows = [letter_row(one, mailbox, case_id, cause, now) for one in written]
            self.connection.execute(POST, rows)

    def due(self, mailbox: str, now: datetime, limit: int) -> list[Outgoing]:
        """Letters of a mailbox that are to leave now, oldest first."""
        query = (
            select(letters)
            .where(letters.c.state == "waiting", letters.c.due_at <= now, letters.c.mailbox == mailbox)
            .order_by(letters.c.due_at, letters.c.id)
            .limit(limit)
        )
        return [outgoing(row) for row in self.connection.execute(query).mappings()]

    def resting_places(self, message_ids: Sequence[int]) -> list[RestingPlace]:
        """Where the raw messages of these ids lie, as ``originals`` gives them."""
        if not message_ids:
            return []
        columns = (messages.c.id, messages.c.mailbox, messages.c.standing, messages.c.message_id)
        rows = self.connection.execute(
            select(*columns).where(messages.c.id.in_(message_ids), messages.c.raw.is_not(None))
        )
        found = {row.id: row for row in rows}
        return [
            RestingPlace(row.mailbox, Standing(row.standing) if row.standing else None, row.message_id)
            for one in message_ids
            if (row := found.get(one)) is not None
        ]

    def originals(self, message_ids: Sequence[int]) -> list[bytes]:
        """The raw messages of these ids, in that order; those that were purged are left out."""
        if not message_ids:
            return []
        rows = self.connection.execute(
            select(messages.c.id, messages.c.raw).where(messages.c.id.in_(message_ids))
        ).all()
        raw = {row.id: row.raw for row in rows}
        return [raw[one] for one in message_ids if raw.get(one) is not None]

    def trying(self, letter_ids: Sequence[int], until: datetime) -> None:
        """Notes, before they are sent, that these letters are being tried: a full disk is seen in time, and a
        crash in between shows which of them may have left already.
        """
        self.connection.execute(
            update(letters)
            .where(letters.c.id == bindparam("letter"))
            .values(attempts=letters.c.attempts + 1, due_at=until),
            [{"letter": one} for one in letter_ids],
        )

    def sent(self, letter_ids: Sequence[int], now: datetime) -> None:
        """A server took these."""
        if letter_ids:
            values = {"state": "sent", "sent_at": now, "failure": ""}
            self.connection.execute(update(letters).where(letters.c.id.in_(letter_ids)).values(values))

    def untried(self, letter_ids: Sequence[int], now: datetime) -> None:
        """No server could be reached for these; it does not count as a try."""
        self.connection.execute(
            update(letters).where(letters.c.id.in_(letter_ids)).values(attempts=letters.c.attempts - 1, due_at=now)
        )

    def due_again(self, letter_ids: Sequence[int], now: datetime) -> None:
        """What became of these could not be booked, and no server took them: they wait no longer."""
        if letter_ids:
            waiting = and_(letters.c.id.in_(letter_ids), letters.c.state == "waiting")
            self.connection.execute(update(letters).where(waiting).values(due_at=now))

    def postponed(self, letter: int, failure: str, until: datetime) -> None:
        """A server would not take it just now."""
        self.connection.execute(update(letters).where(letters.c.id == letter).values(failure=failure, due_at=until))

    def undeliverable(self, letter: int, failure: str) -> None:
        """No server will take it."""
        self.connection.execute(update(letters).where(letters.c.id == letter).values(state="failed", failure=failure))

    def returned(self, letter: int, failure: str) -> None:
        """It left, and came back."""
        self.connection.execute(update(letters).where(letters.c.id == letter).values(state="returned", failure=failure))

    def resume(self, now: datetime) -> int:
        """After a stop in mid-sending: letters that were being tried are due at once; how many may have left.

        A stop says nothing about a letter: however many there were, they count as one try.
        """
        in_hand = and_(letters.c.state == "waiting", letters.c.attempts > 0, letters.c.failure == "")
        return int(self.connection.execute(update(letters).where(in_hand).values(due_at=now, attempts=1)).rowcount)

    def adopt_letters(self, mailboxes: Sequence[str], heir: str) -> None:
        """Letters of mailboxes that are no longer configured leave by another one."""
        orphaned = and_(letters.c.state == "waiting", letters.c.mailbox.not_in(mailboxes))
        self.connection.execute(update(letters).where(orphaned).values(mailbox=heir))
