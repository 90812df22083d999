"""Messages and their receipts: kept, waiting, decided, filed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
    update,
)

from mailbot.case import Standing
from mailbot.mail.message import Address
from mailbot.store.records import (
    Fetched,
    Sighting,
    Unfiled,
    Waiting,
)
from mailbot.store.tables import (
    cases,
    identifier,
    letters,
    messages,
    receipts,
    sightings,
)
from mailbot.store.transaction import Transaction

COPY = "a copy of a message we have"
SETTLED = ("standing", "why", "kind", "writer_name", "writer_address", "text", "case_id")

# What is asked for every message is built once: building a statement costs more than running it.
SETTLE = (
    update(messages)
    .where(messages.c.id == bindparam("one"), messages.c.standing.is_(None))
    .values({name: bindparam(name) for name in SETTLED})
)
_first = receipts.alias()
_is_first = receipts.c.id == (
    select(func.min(_first.c.id))
    .where(_first.c.message == bindparam("one"), _first.c.standing.is_(None))
    .scalar_subquery()
)
BOOK = (
    update(receipts)
    .where(receipts.c.message == bindparam("one"), receipts.c.standing.is_(None))
    .values(
        standing=case((_is_first, bindparam("booked")), else_=Standing.UNANSWERED.value),
        why=case((_is_first, bindparam("because")), else_=COPY),
    )
)


class Intake(Transaction):
    """What has come in, and what became of it."""

    __slots__ = ()

    def unknown(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> list[int]:
        """Those of the UIDs that have no receipt yet, in order."""
        if not uids:
            return []
        known = set(
            self.connection.execute(
                select(receipts.c.uid).where(
                    receipts.c.mailbox == mailbox,
                    receipts.c.uidvalidity == uidvalidity,
                    receipts.c.uid >= min(uids),
                )
            ).scalars()
        )
        return [uid for uid in uids if uid not in known]

    def keep(self, mailbox: str, uidvalidity: int, arrived: Iterable[Fetched], now: datetime) -> None:
        """Keeps raw messages and accounts for their UIDs. Doing so twice changes nothing.

        A message that is known already becomes a copy, with three exceptions: its receipt was never filed and the
        server has numbered its UIDs anew (then it is the same receipt); it failed, and somebody has moved it
        back into the inbox (then it is tried again); it has no verdict yet (then it waits with the first).
        """
        new = [replace(one, message_id=identifier(one.message_id)) for one in arrived]
        unknown = set(self.unknown(mailbox, uidvalidity, [one.uid for one in new]))
        fresh = [one for one in new if one.uid in unknown]
        known = self._known(fresh)
        unseen = {_identity(one): one for one in fresh if _identity(one) not in known}
        if unseen:
            rows = [_message_row(one, mailbox, now) for one in unseen.values()]
            self.connection.execute(self.insert_new(messages), rows)
        for one in fresh:
            if (before := known.get(_identity(one))) is not None and before.standing == Standing.FAILED:
                self._try_again(before.id, mailbox, one.raw)
        self._account(mailbox, uidvalidity, fresh, set(unseen), now)

    def _known(self, fresh: Sequence[Fetched]) -> dict[tuple[str, str], Row[Any, Any, Any, Any]]:
        """What is on record of these mails already, by Message-ID and content hash."""
        if not fresh:
            return {}
        columns = (messages.c.message_id, messages.c.content_hash, messages.c.id, messages.c.standing)
        names = {one.message_id for one in fresh}
        rows = self.connection.execute(select(*columns).where(messages.c.message_id.in_(names)))
        return {(row.message_id, row.content_hash): row for row in rows}

    def _try_again(self, message: int, mailbox: str, raw: bytes) -> None:
        # Its alert was about the first time; a second failure must be told of again.
        self.connection.execute(update(letters).where(letters.c.cause == message).values(cause=None))
        values = {"standing": None, "attempts": 0, "why": "", "raw": raw, "mailbox": mailbox}
        self.connection.execute(update(messages).where(messages.c.id == message).values(values))

    def _account(
        self, mailbox: str, uidvalidity: int, fresh: Sequence[Fetched], unseen: set[tuple[str, str]], now: datetime
    ) -> None:
        """A receipt for each UID; what was seen for the first time needs no second look."""
        rows, known = [], self._known(fresh)
        for one in fresh:
            message = known[_identity(one)]
            if _identity(one) in unseen or not self._renumbered(mailbox, uidvalidity, one.uid, message.id):
                rows.append(_receipt_row(one, mailbox, uidvalidity, message.id, message.standing is not None, now))
        if rows:
            self.connection.execute(self.insert_new(receipts), rows)

    def _renumbered(self, mailbox: str, uidvalidity: int, uid: int, message: int) -> bool:
        unfiled = select(receipts.c.id).where(
            receipts.c.mailbox == mailbox,
            receipts.c.message == message,
            receipts.c.filed_at.is_(None),
            receipts.c.uidvalidity != uidvalidity,
        )
        found = self.connection.execute(unfiled.order_by(receipts.c.id).limit(1)).scalar()
        if found is None:
            return False
        self.connection.execute(update(receipts).where(receipts.c.id == found).values(uidvalidity=uidvalidity, uid=uid))
        return True

    def waiting(self, limit: int, most_bytes: int, before: datetime | None = None, after: int = 0) -> list[Waiting]:
        """The oldest messages that nobody has decided on: at most ``limit``, and (but for the first) at most
        ``most_bytes`` together; only those kept before a moment, and those after an id, where given.
        """
        undecided = and_(messages.c.standing.is_(None), messages.c.id > after)
        query = select(messages.c.id, func.length(messages.c.raw)).where(undecided)
        if before is not None:
            query = query.where(messages.c.kept_at < before)
        chosen: list[int] = []
        for message, size in self.connection.execute(query.order_by(messages.c.id).limit(limit)):
            most_bytes -= size or 0
            if chosen and most_bytes < 0:
                break
            chosen.append(message)
        columns = (messages.c.id, messages.c.mailbox, messages.c.raw, messages.c.attempts)
        rows = self.connection.execute(select(*columns).where(messages.c.id.in_(chosen)).order_by(messages.c.id))
        return [Waiting(row.id, row.mailbox, row.raw or b"", row.attempts) for row in rows]

    def is_waiting(self, message: int) -> bool:
        """Whether nobody has decided on this message."""
        query = select(messages.c.id).where(messages.c.id == message, messages.c.standing.is_(None))
        return self.connection.execute(query).scalar() is not None

    def adopt_mail(self, mailboxes: Sequence[str], heir: str) -> None:
        """Undecided messages of mailboxes that are no longer configured are decided on as another one's."""
        orphaned = and_(messages.c.standing.is_(None), messages.c.mailbox.not_in(mailboxes))
        self.connection.execute(update(messages).where(orphaned).values(mailbox=heir))

    def blame(self, message: int, why: str) -> None:
        """Counts a try at a message: it is set aside when it has had too many."""
        self.connection.execute(
            update(messages).where(messages.c.id == message).values(attempts=messages.c.attempts + 1, why=why)
        )

    def settle(
        self,
        message: int,
        standing: Standing,
        why: str,
        *,
        kind: str = "",
        writer: Address | None = None,
        text: str = "",
        case_id: int | None = None,
    ) -> bool:
        """Books a message, and every receipt of it that has no verdict yet; false where somebody was faster.

        The first receipt gets the standing, further ones that waited with it are copies.
        """
        done = self.connection.execute(
            SETTLE,
            {
                "one": message,
                "standing": standing.value,
                "why": why,
                "kind": kind,
                "writer_name": writer.name if writer else "",
                "writer_address": writer.address if writer else "",
                "text": text,
                "case_id": case_id,
            },
        )
        if done.rowcount != 1:
            return False
        self.connection.execute(BOOK, {"one": message, "booked": standing.value, "because": why})
        return True

    def unfiled(self, mailbox: str, uidvalidity: int) -> list[Unfiled]:
        """Receipts of a mailbox that are decided and not filed yet."""
        columns = (receipts.c.id, receipts.c.uidvalidity, receipts.c.uid, receipts.c.standing)
        rows = self.connection.execute(
            select(*columns)
            .where(
                receipts.c.mailbox == mailbox,
                receipts.c.filed_at.is_(None),
                receipts.c.standing.is_not(None),
                receipts.c.uidvalidity == uidvalidity,
            )
            .order_by(receipts.c.id)
        )
        return [Unfiled(row.id, row.uidvalidity, row.uid, Standing(row.standing)) for row in rows]

    def filed(self, receipt_ids: Sequence[int], now: datetime) -> None:
        """These lie in their folders now."""
        self.connection.execute(update(receipts).where(receipts.c.id.in_(receipt_ids)).values(filed_at=now))

    def sightings(self, mailbox: str, names: Sequence[str], department: str) -> list[Sighting]:
        """Of the mails of these Message-IDs, those of a case's patron that mailbot has filed from this mailbox, and
        that were not found in this department's folder before; by case.
        """
        filed = exists().where(
            receipts.c.message == messages.c.id, receipts.c.mailbox == mailbox, receipts.c.filed_at.is_not(None)
        )
        before = exists().where(sightings.c.message == messages.c.id, sightings.c.department == department)
        inquiring = messages.c.standing.in_([Standing.ROUTED.value, Standing.ADDED.value, Standing.HELD.value])
        patrons = and_(
            cases.c.id == messages.c.case_id, cases.c.patron_key == func.lower(messages.c.writer_address)
        )  # fmt: skip
        named = messages.c.message_id.in_([identifier(name) for name in names if name])
        query = select(messages.c.id, messages.c.case_id).join(cases, patrons).where(named, inquiring, filed, ~before)
        found: dict[int, list[int]] = {}
        for row in self.connection.execute(query.order_by(messages.c.id)):
            found.setdefault(row.case_id, []).append(row.id)
        return [Sighting(case_id, tuple(these)) for case_id, these in found.items()]

    def sighted(self, sighting: Sighting, department: str, now: datetime) -> None:
        """Notes that messages lie in a department's folder. A second time violates a constraint."""
        rows = [{"message": one, "department": department, "at": now} for one in sighting.messages]
        self.connection.execute(insert(sightings), rows)


def _identity(one: Fetched) -> tuple[str, str]:
    return one.message_id, one.content_hash


def _message_row(one: Fetched, mailbox: str, now: datetime) -> dict[str, object]:
    return {
        "message_id": one.message_id,
        "content_hash": one.content_hash,
        "mailbox": mailbox,
        "raw": one.raw,
        "kept_at": now,
    }


def _receipt_row(
    one: Fetched, mailbox: str, uidvalidity: int, message: int, copy: bool, now: datetime
) -> dict[str, object]:
    return {
        "mailbox": mailbox,
        "uidvalidity": uidvalidity,
        "uid": one.uid,
        "message": message,
        "received_at": now,
        "standing": Standing.UNANSWERED.value if copy else None,
        "why": COPY if copy else "",
    }
