"""What is asked of the database within one transaction, and what is written. All of mailbot's SQL is here.

Takes and gives frozen values (``records``); makes no decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from mailbot.case import SATISFIED, UNSATISFIED, Case, Move, Standing, State
from mailbot.classify.prediction import Guessed
from mailbot.errors import Overtaken
from mailbot.mail.message import Address
from mailbot.promises import Past, Reminded
from mailbot.store.guesses import asked, guessed, note_guess, raise_threshold, raised
from mailbot.store.labels import alike, bring, brought_as, keep_vectors, label_counts, labels, learn, unlearn
from mailbot.store.records import (
    Asked,
    Brought,
    Fetched,
    Forgotten,
    Happened,
    Imported,
    Kept,
    Labelled,
    LetterTrace,
    Outgoing,
    Part,
    RestingPlace,
    SentBefore,
    Sums,
    Unfiled,
    Verdict,
    Waiting,
    Watched,
    Way,
    Written,
)
from mailbot.store.removal import forget, purge
from mailbot.store.tables import (
    cases,
    digests,
    events,
    identifier,
    keys,
    letters,
    messages,
    receipts,
    reminders,
)
from mailbot.writing.digest import Day
from mailbot.writing.letter import Alike, Letter, LetterKind, Occasion

COPY = "a copy of a message we have"
SETTLED = ("standing", "why", "kind", "writer_name", "writer_address", "text", "case_id")
INQUIRING = (Standing.ROUTED, Standing.ADDED, Standing.HELD)

# What is asked for every message is built once: building a statement costs more than running it.
CASES_OF = (
    select(cases)
    .where(cases.c.patron_key == bindparam("patron"))
    .order_by(cases.c.touched.desc())
    .limit(bindparam("most"))
)
LETTERS_TO = (
    select(letters.c.kind, letters.c.text, letters.c.written_at)
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
OPEN_CASE = insert(cases).returning(cases.c.id)
TELL = insert(events)
POST = insert(letters)
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


@dataclass(frozen=True, slots=True)
class Session:
    """One transaction. Made by ``Store.reading`` and ``Store.writing``."""

    connection: Connection

    # -- keep -----------------------------------------------------------------------------------------------------

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
            self.connection.execute(self._insert_new(messages), rows)
        for one in fresh:
            if (before := known.get(_identity(one))) is not None and before.standing == Standing.FAILED:
                self._try_again(before.id, one.raw)
        self._account(mailbox, uidvalidity, fresh, set(unseen), now)

    def _known(self, fresh: Sequence[Fetched]) -> dict[tuple[str, str], Row[Any, Any, Any, Any]]:
        """What is on record of these mails already, by Message-ID and content hash."""
        if not fresh:
            return {}
        columns = (messages.c.message_id, messages.c.content_hash, messages.c.id, messages.c.standing)
        names = {one.message_id for one in fresh}
        rows = self.connection.execute(select(*columns).where(messages.c.message_id.in_(names)))
        return {(row.message_id, row.content_hash): row for row in rows}

    def _try_again(self, message: int, raw: bytes) -> None:
        # Its alert was about the first time; a second failure must be told of again.
        self.connection.execute(update(letters).where(letters.c.cause == message).values(cause=None))
        values = {"standing": None, "attempts": 0, "why": "", "raw": raw}
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
            self.connection.execute(self._insert_new(receipts), rows)

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

    def _insert_new(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that a constraint may turn into nothing."""
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table).on_conflict_do_nothing()
        return sqlite.insert(table).on_conflict_do_nothing()

    # -- understand and decide ------------------------------------------------------------------------------------

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

    def blame(self, message: int, why: str) -> None:
        """Counts a try at a message: it is set aside when it has had too many."""
        self.connection.execute(
            update(messages).where(messages.c.id == message).values(attempts=messages.c.attempts + 1, why=why)
        )

    def letters_named(self, message_ids: Sequence[str]) -> list[LetterTrace]:
        """Letters of ours by Message-ID, in the order of the ids given."""
        if not message_ids:
            return []
        columns = (letters.c.message_id, letters.c.id, letters.c.kind, letters.c.to_patron, letters.c.department)
        rows = self.connection.execute(
            select(*columns, letters.c.case_id).where(letters.c.message_id.in_(message_ids))
        ).all()
        by_id = {
            row.message_id: LetterTrace(row.id, row.kind, row.to_patron, row.department, row.case_id) for row in rows
        }
        return [by_id[name] for name in message_ids if name in by_id]

    def case_named(self, message_ids: Sequence[str]) -> Kept | None:
        """The case of the first mail we received under one of these Message-IDs."""
        if not message_ids:
            return None
        found = self.connection.execute(
            select(messages.c.case_id)
            .where(messages.c.message_id.in_(message_ids), messages.c.case_id.is_not(None))
            .order_by(messages.c.id.desc())
            .limit(1)
        ).scalar()
        return None if found is None else self.case(found)

    def case(self, case_id: int) -> Kept:
        """The case of that row id."""
        row = self.connection.execute(select(cases).where(cases.c.id == case_id)).mappings().one()
        return _kept(row)

    def case_by_ref(self, ref: str) -> Kept | None:
        """The case of that reference."""
        row = self.connection.execute(select(cases).where(cases.c.ref == ref)).mappings().one_or_none()
        return None if row is None else _kept(row)

    def mailbox_of(self, case_id: int) -> str:
        """The mailbox that the newest message of a case came to, "" where none is on record."""
        query = select(messages.c.mailbox).where(messages.c.case_id == case_id).order_by(messages.c.id.desc()).limit(1)
        return self.connection.execute(query).scalar() or ""

    def cases_of(self, patron: str, limit: int = 5) -> list[Kept]:
        """The newest cases of one patron (address in lower case), last touched first."""
        rows = self.connection.execute(CASES_OF, {"patron": patron, "most": limit})
        return [_kept(row) for row in rows.mappings()]

    def parts(self, case_ids: Sequence[int]) -> dict[int, tuple[Part, ...]]:
        """The messages of each case that belong to its inquiry, oldest first."""
        if not case_ids:
            return {}
        query = (
            select(
                messages.c.case_id,
                messages.c.id,
                messages.c.writer_name,
                messages.c.writer_address,
                messages.c.kept_at,
                messages.c.text,
                messages.c.message_id,
            )
            .join(
                cases,
                and_(cases.c.id == messages.c.case_id, cases.c.patron_key == func.lower(messages.c.writer_address)),
            )
            .where(
                messages.c.case_id.in_(case_ids),
                messages.c.standing.in_([standing.value for standing in INQUIRING]),
            )
            .order_by(messages.c.id)
        )
        found: dict[int, tuple[Part, ...]] = {}
        for row in self.connection.execute(query):
            part = Part(row.id, row.writer_name, row.writer_address, row.kept_at, row.text, row.message_id)
            found[row.case_id] = (*found.get(row.case_id, ()), part)
        return found

    def letters_to(self, address: str, limit: int = 20) -> list[SentBefore]:
        """The newest letters to an address (lower case), oldest of them first."""
        rows = self.connection.execute(LETTERS_TO, {"address": address, "most": limit}).all()
        return [SentBefore(row.kind, row.text, row.written_at) for row in reversed(rows)]

    def letters_to_patrons(self, mailbox: str, since: datetime, most: int) -> int:
        """How many letters to patrons a mailbox has written since then; counts no further than ``most``."""
        values = {"mailbox": mailbox, "since": since, "most": most}
        return int(self.connection.execute(TO_PATRONS, values).scalar_one())

    def bounced_before(self, letter: int) -> bool:
        """Whether an earlier bounce of this letter has been dealt with."""
        return self.connection.execute(select(letters.c.state).where(letters.c.id == letter)).scalar() == "returned"

    # -- commit ---------------------------------------------------------------------------------------------------

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

    def open_case(self, case: Case, now: datetime) -> int:
        """A new case; its row id."""
        return int(self.connection.execute(OPEN_CASE, _case_row(case, now)).scalar_one())

    def change_case(self, case_id: int, case: Case, now: datetime, *, seen: datetime | None = None) -> None:
        """Writes a case as it stands now. Raises Overtaken where it was changed after ``seen``, when it was read."""
        unchanged = cases.c.id == case_id if seen is None else and_(cases.c.id == case_id, cases.c.touched == seen)
        if self.connection.execute(update(cases).where(unchanged).values(**_case_row(case, now))).rowcount != 1:
            raise Overtaken

    def tell(self, case_id: int, event: str, message: int | None, department: str, why: str, now: datetime) -> None:
        """Adds a line to a case's history."""
        row = {"case_id": case_id, "at": now, "event": event, "message": message, "department": department, "why": why}
        self.connection.execute(TELL, row)

    def learn(self, case_id: int, message_ids: Sequence[int], department: str, source: str, now: datetime) -> None:
        """Keeps labelled examples, masked: these messages belong to that department, says ``source``, the last to
        say so.
        """
        learn(self.connection, case_id, message_ids, department, source, now)

    def labels(self, encoder: str = "") -> list[Labelled]:
        """Every labelled text, in the order in which they were labelled; with what that encoder makes of them."""
        return labels(self.connection, encoder=encoder)

    def keep_vectors(self, encoder: str, vectors: Mapping[int, bytes]) -> None:
        """Keeps with labels, by id, what an encoder makes of them."""
        keep_vectors(self.connection, encoder, vectors)

    def alike(self, ids: Sequence[int]) -> list[Alike]:
        """The labelled questions of these ids that can be told of in a few words."""
        return alike(self.connection, ids)

    def note_guess(self, message: int, case_id: int, guess: Guessed) -> None:
        """Notes what was guessed of the message that a case begins with."""
        note_guess(self.connection, message, case_id, guess)

    def guessed(self, since: datetime) -> list[Guessed]:
        """Every guess since then, oldest first, with what people made of it."""
        return guessed(self.connection, since)

    def asked(self, since: datetime) -> list[Asked]:
        """The questions that began a case since then, oldest first, as long as their words are on record."""
        return asked(self.connection, since)

    def raised(self, model: str) -> float | None:
        """The threshold that this model was raised to, or None."""
        return raised(self.connection, model)

    def raise_threshold(self, model: str, threshold: float, now: datetime) -> None:
        """From now on this model needs so much confidence to be sure."""
        raise_threshold(self.connection, model, threshold, now)

    def bring(self, brought: Sequence[Brought], now: datetime) -> Imported:
        """Keeps texts from elsewhere as labelled examples, masked. Doing so twice changes nothing."""
        return bring(self.connection, brought, now)

    def brought_as(self, one: Brought) -> str | None:
        """The department as whose this text was brought in before, or None where it was not."""
        return brought_as(self.connection, one)

    def label_counts(self) -> dict[str, int]:
        """How many labelled texts there are of each department, by key."""
        return label_counts(self.connection)

    def unlearn(self, case_id: int) -> None:
        """Takes back what a case has taught: those who said so contradict each other."""
        unlearn(self.connection, case_id)

    def post(
        self, written: Sequence[Written], mailbox: str, case_id: int | None, cause: int | None, now: datetime
    ) -> None:
        """Puts letters into the outbox. A second letter to the patron for one message violates a constraint."""
        if written:
            rows = [_letter_row(one, mailbox, case_id, cause, now) for one in written]
            self.connection.execute(POST, rows)

    # -- time -----------------------------------------------------------------------------------------------------

    def promised(self) -> list[Watched]:
        """Every open case that has a promise, with what was done about it; the patron's messages are left out."""
        owed = and_(cases.c.state == State.OPEN.value, cases.c.due.is_not(None))
        rows = self.connection.execute(select(cases).where(owed).order_by(cases.c.due)).mappings()
        return self._watched([_kept(row) for row in rows], owed)

    def answered(self, after: datetime, before: datetime) -> list[Watched]:
        """Every case that was last answered in that time and is not open, with what was done about it."""
        last = (
            select(events.c.case_id)
            .where(events.c.event == "answered")
            .group_by(events.c.case_id)
            .having(and_(func.max(events.c.at) > after, func.max(events.c.at) <= before))
        )
        which = and_(cases.c.state == State.ANSWERED.value, cases.c.id.in_(last))
        rows = self.connection.execute(select(cases).where(which).order_by(cases.c.id)).mappings()
        return self._watched([_kept(row) for row in rows], which)

    def open_cases(self) -> list[Kept]:
        """Every open case, oldest first."""
        query = select(cases).where(cases.c.state == State.OPEN.value).order_by(cases.c.id)
        return [_kept(row) for row in self.connection.execute(query).mappings()]

    def digested(self, day: date) -> frozenset[str]:
        """The addresses for which a digest of that day was written."""
        return frozenset(self.connection.execute(select(digests.c.reader).where(digests.c.day == day)).scalars())

    def digest(self, day: date, reader: str, now: datetime) -> None:
        """Notes a digest. A second one of the day for the same reader violates a constraint."""
        self.connection.execute(insert(digests).values(day=day, reader=reader, at=now))

    def day(self, now: datetime) -> Day:
        """What came in the 24 hours before ``now``."""
        since = now - timedelta(days=1)
        came = select(receipts.c.standing, func.count()).where(receipts.c.received_at > since)
        by: dict[str | None, int] = {
            row[0]: row[1] for row in self.connection.execute(came.group_by(receipts.c.standing))
        }
        lost = select(func.count()).where(letters.c.state == "failed", letters.c.written_at > since)
        return Day(
            received=sum(by.values()),
            waiting=by.get(None, 0),
            letters_failed=int(self.connection.execute(lost).scalar_one()),
            **{standing.value: by.get(standing.value, 0) for standing in Standing},
        )

    def watched(self, case_id: int, now: datetime, limit: int) -> Watched:
        """One case with all that a reminder may need. ``limit`` is the greatest number of letters to anybody a day."""
        one = self._watched([self.case(case_id)], cases.c.id == case_id)[0]
        patron = one.kept.case.patron.key
        today = select(func.count()).where(letters.c.to_key == patron, letters.c.written_at > now - timedelta(days=1))
        past = replace(
            one.past,
            messages=tuple(part.id for part in self.parts([case_id]).get(case_id, ())),
            letters_today=int(self.connection.execute(today).scalar_one()),
            limit=limit,
        )
        return replace(one, past=past)

    def _watched(self, kept: Sequence[Kept], which: ColumnElement[bool]) -> list[Watched]:
        done: dict[int, list[Reminded]] = defaultdict(list)
        rows = self.connection.execute(
            select(reminders).join(cases, cases.c.id == reminders.c.case_id).where(which).order_by(reminders.c.id)
        )
        for row in rows:
            done[row.case_id].append(Reminded(Occasion(row.occasion), row.due, row.department, row.at))
        moments = (
            select(events.c.case_id, events.c.event, func.max(events.c.at).label("at"))
            .join(cases, cases.c.id == events.c.case_id)
            .where(which, events.c.event.in_(["answered", Occasion.THANKED.value]))
            .group_by(events.c.case_id, events.c.event)
        )
        last = {(row.case_id, row.event): row.at for row in self.connection.execute(moments)}
        newest = (
            select(func.max(letters.c.id))
            .join(cases, cases.c.id == letters.c.case_id)
            .where(which)
            .group_by(cases.c.id)
        )
        leave_by = select(letters.c.case_id, letters.c.mailbox).where(letters.c.id.in_(newest))
        by = {row.case_id: row.mailbox for row in self.connection.execute(leave_by)}
        return [
            Watched(
                one,
                Past(
                    touched=one.touched,
                    answered=last.get((one.id, "answered")),
                    reminded=tuple(done[one.id]),
                    thanked=last.get((one.id, Occasion.THANKED.value)),
                ),
                by.get(one.id, ""),
            )
            for one in kept
        ]

    def reminded(self, case_id: int, done: Reminded) -> None:
        """Notes what was done about a promise. A second time violates a constraint."""
        self.connection.execute(
            insert(reminders).values(
                case_id=case_id, occasion=done.occasion.value, due=done.due, department=done.department, at=done.at
            )
        )

    # -- file -----------------------------------------------------------------------------------------------------

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

    # -- deliver --------------------------------------------------------------------------------------------------

    def due(self, mailbox: str, now: datetime, limit: int) -> list[Outgoing]:
        """Letters of a mailbox that are to leave now, oldest first."""
        query = (
            select(letters)
            .where(letters.c.state == "waiting", letters.c.due_at <= now, letters.c.mailbox == mailbox)
            .order_by(letters.c.due_at, letters.c.id)
            .limit(limit)
        )
        return [_outgoing(row) for row in self.connection.execute(query).mappings()]

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
        self.connection.execute(
            update(letters).where(letters.c.id.in_(letter_ids)).values(state="sent", sent_at=now, failure="")
        )

    def untried(self, letter_ids: Sequence[int], now: datetime) -> None:
        """No server could be reached for these; it does not count as a try."""
        self.connection.execute(
            update(letters).where(letters.c.id.in_(letter_ids)).values(attempts=letters.c.attempts - 1, due_at=now)
        )

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

    def adopt(self, mailboxes: Sequence[str], heir: str) -> None:
        """Letters of mailboxes that are no longer configured leave by another one."""
        orphaned = and_(letters.c.state == "waiting", letters.c.mailbox.not_in(mailboxes))
        self.connection.execute(update(letters).where(orphaned).values(mailbox=heir))

    def key(self, name: str) -> bytes | None:
        """The secret of that name, or None where there is none yet."""
        return self.connection.execute(select(keys.c.value).where(keys.c.name == name)).scalar()

    def make_key(self, name: str, fresh: bytes) -> None:
        """Keeps a secret of that name, unless there is one already."""
        self.connection.execute(self._insert_new(keys).values(name=name, value=fresh))

    # -- look -----------------------------------------------------------------------------------------------------

    def sums(self) -> Sums:
        """Where every UID and every letter stands."""
        counted = self.connection.execute(select(receipts.c.standing, func.count()).group_by(receipts.c.standing))
        by: dict[str | None, int] = {row[0]: row[1] for row in counted}
        states = self.connection.execute(
            select(letters.c.state, func.count()).group_by(letters.c.state).order_by(letters.c.state)
        ).all()
        unfiled = select(func.count()).where(receipts.c.filed_at.is_(None), receipts.c.standing.is_not(None))
        still_open = select(func.count()).where(cases.c.state == State.OPEN.value)
        return Sums(
            received=int(self.connection.execute(select(func.count()).select_from(receipts)).scalar_one()),
            waiting=by.get(None, 0),
            by_standing=tuple((standing, by.get(standing.value, 0)) for standing in Standing),
            unfiled=int(self.connection.execute(unfiled).scalar_one()),
            letters=tuple((row[0], row[1]) for row in states),
            cases_open=int(self.connection.execute(still_open).scalar_one()),
        )

    def verdicts(self) -> list[Verdict]:
        """What patrons said when asked whether an answer helped, first to last."""
        said = events.c.event.in_([SATISFIED, UNSATISFIED])
        rows = self.connection.execute(select(events).where(said).order_by(events.c.id))
        return [Verdict(row.case_id, row.at, row.department, row.event == SATISFIED) for row in rows]

    def cases(self, limit: int = 100) -> list[Kept]:
        """The newest cases, last touched first."""
        query = select(cases).order_by(cases.c.touched.desc(), cases.c.id.desc()).limit(limit)
        return [_kept(row) for row in self.connection.execute(query).mappings()]

    def history(self, case_id: int) -> list[Happened]:
        """What has happened to a case, first to last."""
        query = select(events.c.at, events.c.event, events.c.department, events.c.why).where(
            events.c.case_id == case_id
        )
        rows = self.connection.execute(query.order_by(events.c.id))
        return [Happened(row.at, row.event, row.department, row.why) for row in rows]

    def way(self, case_id: int) -> Way:
        """The way a case has gone so far."""
        query = (
            select(events.c.at, events.c.event, events.c.department, messages.c.writer_name, messages.c.writer_address)
            .join(messages, messages.c.id == events.c.message, isouter=True)
            .where(events.c.case_id == case_id)
            .order_by(events.c.id)
        )
        moves: list[Move] = []
        asked = False
        for row in self.connection.execute(query):
            asked = asked or row.event == Occasion.UNCLEAR.value
            was = moves[-1].to if moves else ""
            if row.department != was:
                by_staff = row.event in (Occasion.CORRECTED.value, Occasion.DISPUTED.value) and row.writer_address
                by = Address(row.writer_name, row.writer_address) if by_staff else None
                moves.append(Move(row.at, was, row.department, by))
        return Way(tuple(moves), asked)

    # -- housekeeping ---------------------------------------------------------------------------------------------

    def purge(self, before: datetime) -> int:
        """Removes what people wrote and who they are, once kept long enough and needed by no letter and no open case
        that anything has happened in since; counts and masked labels stay. How many messages.
        """
        return purge(self.connection, before)

    def forget(self, address: str) -> Forgotten:
        """Removes all that is on record of whoever has this address; counts stay. Doing so again finds nothing."""
        return forget(self.connection, address)


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


def _case_row(case: Case, now: datetime) -> dict[str, object]:
    return {
        "ref": case.ref,
        "patron_name": case.patron.name,
        "patron_address": case.patron.address,
        "patron_key": case.patron.key,
        "subject": case.subject,
        "language": case.language,
        "holder": case.holder,
        "held_by": list(case.held_by),
        "state": case.state.value,
        "opened": case.opened,
        "due": case.due,
        "passed_on_name": case.passed_on_by.name if case.passed_on_by else "",
        "passed_on_address": case.passed_on_by.address if case.passed_on_by else "",
        "request": case.request,
        "sure": case.sure,
        "answerable": case.answerable,
        "touched": now,
    }


def _kept(row: RowMapping) -> Kept:
    passed_on = Address(row["passed_on_name"], row["passed_on_address"]) if row["passed_on_address"] else None
    case = Case(
        ref=row["ref"],
        patron=Address(row["patron_name"], row["patron_address"]),
        subject=row["subject"],
        language=row["language"],
        holder=row["holder"],
        held_by=tuple(row["held_by"]),
        state=State(row["state"]),
        opened=row["opened"],
        due=row["due"],
        passed_on_by=passed_on,
        request=row["request"],
        sure=row["sure"],
        answerable=row["answerable"],
    )
    return Kept(row["id"], case, row["touched"])


def _letter_row(one: Written, mailbox: str, case_id: int | None, cause: int | None, now: datetime) -> dict[str, object]:
    letter = one.letter
    return {
        "message_id": one.message_id,
        "mailbox": mailbox,
        "case_id": case_id,
        "cause": cause,
        "kind": letter.kind.value,
        "to_patron": letter.to_patron,
        "department": one.department,
        "case_ref": letter.case_ref,
        "sender_name": letter.sender.name,
        "sender_address": letter.sender.address,
        "to_name": letter.to.name,
        "to_address": letter.to.address,
        "to_key": letter.to.key,
        "reply_to": [[address.name, address.address] for address in letter.reply_to],
        "subject": letter.subject,
        "text": letter.text,
        "language": letter.language,
        "in_reply_to": letter.in_reply_to,
        "references": list(letter.references),
        "carries": list(letter.carries),
        "sources": [list(source) for source in letter.sources],
        "written_at": now,
        "state": "waiting",
        "due_at": now,
    }


def _outgoing(row: RowMapping) -> Outgoing:
    letter = Letter(
        kind=LetterKind(row["kind"]),
        case_ref=row["case_ref"],
        sender=Address(row["sender_name"], row["sender_address"]),
        to=Address(row["to_name"], row["to_address"]),
        reply_to=tuple(Address(name, address) for name, address in row["reply_to"]),
        subject=row["subject"],
        text=row["text"],
        language=row["language"],
        in_reply_to=row["in_reply_to"],
        references=tuple(row["references"]),
        carries=tuple(row["carries"]),
        sources=tuple((fact, record) for fact, record in row["sources"]),
        to_patron=row["to_patron"],
    )
    return Outgoing(
        id=row["id"],
        mailbox=row["mailbox"],
        message_id=row["message_id"],
        department=row["department"],
        letter=letter,
        written_at=row["written_at"],
        attempts=row["attempts"],
    )
