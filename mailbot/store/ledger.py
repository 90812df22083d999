"""Cases: who has what, what has happened to them, what is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from mailbot.case import ANSWERED, Case, Move, Standing, State
from mailbot.errors import Overtaken
from mailbot.mail.message import Address
from mailbot.promises import Past, Reminded
from mailbot.store.records import (
    Happened,
    Kept,
    Part,
    Watched,
    Way,
)
from mailbot.store.rows import case_row, kept_of
from mailbot.store.tables import (
    cases,
    events,
    letters,
    messages,
    reminders,
)
from mailbot.store.transaction import Transaction
from mailbot.writing.letter import Occasion

INQUIRING = (Standing.ROUTED, Standing.ADDED, Standing.HELD)
# What is asked for every message is built once: building a statement costs more than running it.
CASES_OF = (
    select(cases)
    .where(cases.c.patron_key == bindparam("patron"))
    .order_by(cases.c.touched.desc())
    .limit(bindparam("most"))
)
OPEN_CASE = insert(cases).returning(cases.c.id)
TELL = insert(events)

_CONTENT = (Occasion.THANKED.value, Occasion.WITHDRAWN.value)
"""After these nobody is asked whether the answer helped."""


class Ledger(Transaction):
    """The cases and their history."""

    __slots__ = ()

    def cases_named(self, message_ids: Sequence[str]) -> dict[str, int]:
        """The row ids of the cases of mails we received, by Message-ID; of two mails with one id the newer's."""
        if not message_ids:
            return {}
        query = (
            select(messages.c.message_id, messages.c.case_id)
            .where(messages.c.message_id.in_(message_ids), messages.c.case_id.is_not(None))
            .order_by(messages.c.id)
        )
        return {row.message_id: row.case_id for row in self.connection.execute(query)}

    def successor(self, ref: str) -> Kept | None:
        """The newest case that follows the case of that reference."""
        query = select(cases).where(cases.c.follows == ref).order_by(cases.c.id.desc()).limit(1)
        row = self.connection.execute(query).mappings().one_or_none()
        return None if row is None or not ref else kept_of(row)

    def cases_at(self, domain: str, since: datetime, limit: int = 20) -> list[Kept]:
        """The newest cases of patrons whose addresses are in a domain (lower case), touched since then."""
        theirs = cases.c.patron_key.endswith(f"@{domain}", autoescape=True)
        query = select(cases).where(theirs, cases.c.touched >= since).order_by(cases.c.touched.desc()).limit(limit)
        return [kept_of(row) for row in self.connection.execute(query).mappings()]

    def case(self, case_id: int) -> Kept:
        """The case of that row id."""
        row = self.connection.execute(select(cases).where(cases.c.id == case_id)).mappings().one()
        return kept_of(row)

    def case_by_ref(self, ref: str) -> Kept | None:
        """The case of that reference."""
        row = self.connection.execute(select(cases).where(cases.c.ref == ref)).mappings().one_or_none()
        return None if row is None else kept_of(row)

    def mailbox_of(self, case_id: int) -> str:
        """The mailbox that the newest message of a case came to, "" where none is on record."""
        query = select(messages.c.mailbox).where(messages.c.case_id == case_id).order_by(messages.c.id.desc()).limit(1)
        return self.connection.execute(query).scalar() or ""

    def cases_of(self, patron: str, limit: int = 20) -> list[Kept]:
        """The newest cases of one patron (address in lower case), last touched first."""
        rows = self.connection.execute(CASES_OF, {"patron": patron, "most": limit})
        return [kept_of(row) for row in rows.mappings()]

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

    def replies(self, case_id: int) -> tuple[int, ...]:
        """The colleagues' answers to the patron that the mailbox saw, oldest first, as ids of messages."""
        query = select(events.c.message).where(
            events.c.case_id == case_id, events.c.event == ANSWERED, events.c.message.is_not(None)
        )
        return tuple(self.connection.execute(query.order_by(events.c.id)).scalars())

    def open_case(self, case: Case, now: datetime) -> int:
        """A new case; its row id."""
        return int(self.connection.execute(OPEN_CASE, case_row(case, now)).scalar_one())

    def change_case(self, case_id: int, case: Case, now: datetime, *, seen: datetime | None = None) -> None:
        """Writes a case as it stands now. Raises Overtaken where it was changed after ``seen``, when it was read."""
        unchanged = cases.c.id == case_id if seen is None else and_(cases.c.id == case_id, cases.c.touched == seen)
        if self.connection.execute(update(cases).where(unchanged).values(**case_row(case, now))).rowcount != 1:
            raise Overtaken

    def tell(self, case_id: int, event: str, message: int | None, department: str, why: str, now: datetime) -> None:
        """Adds a line to a case's history."""
        row = {"case_id": case_id, "at": now, "event": event, "message": message, "department": department, "why": why}
        self.connection.execute(TELL, row)

    def cases(self, limit: int = 100) -> list[Kept]:
        """The newest cases, last touched first."""
        query = select(cases).order_by(cases.c.touched.desc(), cases.c.id.desc()).limit(limit)
        return [kept_of(row) for row in self.connection.execute(query).mappings()]

    def open_cases(self) -> list[Kept]:
        """Every open case, oldest first, that is still on record."""
        still = and_(cases.c.state == State.OPEN.value, cases.c.patron_key != "")
        query = select(cases).where(still).order_by(cases.c.id)
        return [kept_of(row) for row in self.connection.execute(query).mappings()]

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
                corrected = row.event in (Occasion.CORRECTED.value, Occasion.DISPUTED.value)
                by = Address(row.writer_name, row.writer_address) if corrected and row.writer_address else None
                moves.append(Move(row.at, was, row.department, by, corrected))
        return Way(tuple(moves), asked)

    def promised(self) -> list[Watched]:
        """Every open case that has a promise, with what was done about it; the patron's messages are left out."""
        owed = and_(cases.c.state == State.OPEN.value, cases.c.due.is_not(None))
        rows = self.connection.execute(select(cases).where(owed).order_by(cases.c.due)).mappings()
        return self._watched([kept_of(row) for row in rows], owed)

    def answered(self, after: datetime, before: datetime) -> list[Watched]:
        """Every case that was last answered in that time and is not open, with what was done about it."""
        last = (
            select(events.c.case_id)
            .where(events.c.event == ANSWERED)
            .group_by(events.c.case_id)
            .having(and_(func.max(events.c.at) > after, func.max(events.c.at) <= before))
        )
        which = and_(cases.c.state == State.ANSWERED.value, cases.c.id.in_(last))
        rows = self.connection.execute(select(cases).where(which).order_by(cases.c.id)).mappings()
        return self._watched([kept_of(row) for row in rows], which)

    def watched(self, case_id: int, now: datetime, limit: int) -> Watched:
        """One case with all that a reminder may need. ``limit`` is the greatest number of letters to anybody a day."""
        one = self._watched([self.case(case_id)], cases.c.id == case_id)[0]
        patron = one.kept.case.patron.key
        today = select(func.count()).where(letters.c.to_key == patron, letters.c.written_at > now - timedelta(days=1))
        theirs = select(letters.c.state).where(letters.c.case_id == case_id, letters.c.to_patron)
        newest = self.connection.execute(theirs.order_by(letters.c.id.desc()).limit(1)).scalar()
        past = replace(
            one.past,
            messages=tuple(part.id for part in self.parts([case_id]).get(case_id, ())),
            letters_today=int(self.connection.execute(today).scalar_one()),
            limit=limit,
            dead=newest in {"returned", "failed"},
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
            .where(which, events.c.event.in_([ANSWERED, *_CONTENT]))
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
                    answered=last.get((one.id, ANSWERED)),
                    reminded=tuple(done[one.id]),
                    thanked=max((at for said in _CONTENT if (at := last.get((one.id, said)))), default=None),
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
