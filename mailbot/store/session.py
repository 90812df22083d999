"""What is asked of the database within one transaction, and what is written. All of mailbot's SQL is in this package.

Takes and gives frozen values (``records``); makes no decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    func,
    insert,
    select,
    update,
)

from mailbot.case import Standing, State
from mailbot.classify.prediction import Guessed
from mailbot.pace import Answer
from mailbot.store.answers import answer_times, verdicts
from mailbot.store.guesses import asked, guessed, note_guess, raise_threshold, raised
from mailbot.store.intake import Intake
from mailbot.store.labels import alike, bring, brought_as, keep_vectors, label_counts, labels, learn, unlearn
from mailbot.store.ledger import Ledger
from mailbot.store.outbox import Outbox
from mailbot.store.records import (
    Asked,
    Brought,
    Forgotten,
    Imported,
    Labelled,
    Reading,
    Sums,
    Verdict,
)
from mailbot.store.removal import forget, purge
from mailbot.store.tables import (
    cases,
    digests,
    keys,
    letters,
    readings,
    receipts,
)
from mailbot.writing.digest import Day
from mailbot.writing.letter import Alike


@dataclass(frozen=True, slots=True)
class Session(Intake, Outbox, Ledger):
    """One transaction. Made by ``Store.reading`` and ``Store.writing``."""

    def adopt(self, mailboxes: Sequence[str], heir: str) -> None:
        """What waits for mailboxes that are no longer configured, mail and letters, is another one's from now on."""
        self.adopt_mail(mailboxes, heir)
        self.adopt_letters(mailboxes, heir)

    def learn(self, case_id: int, message_ids: Sequence[int], department: str, source: str, now: datetime) -> None:
        """Keeps labelled examples, masked: these messages belong to that department, says ``source``, the last to
        say so.
        """
        learn(self.connection, case_id, message_ids, department, source, now)

    def unlearn(self, case_id: int) -> None:
        """Takes back what a case has taught: those who said so contradict each other."""
        unlearn(self.connection, case_id)

    def bring(self, brought: Sequence[Brought], now: datetime) -> Imported:
        """Keeps texts from elsewhere as labelled examples, masked. Doing so twice changes nothing."""
        return bring(self.connection, brought, now)

    def brought_as(self, one: Brought) -> str | None:
        """The department as whose this text was brought in before, or None where it was not."""
        return brought_as(self.connection, one)

    def label_counts(self) -> dict[str, int]:
        """How many labelled texts there are of each department, by key."""
        return label_counts(self.connection)

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

    def answer_times(self, since: datetime) -> list[Answer]:
        """How long it took to answer each case that was answered since then."""
        return answer_times(self.connection, since)

    def raised(self, model: str) -> float | None:
        """The threshold that this model was raised to, or None."""
        return raised(self.connection, model)

    def raise_threshold(self, model: str, threshold: float, now: datetime) -> None:
        """From now on this model needs so much confidence to be sure."""
        raise_threshold(self.connection, model, threshold, now)

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

    def expect_reading(self, mailboxes: Iterable[str], now: datetime) -> None:
        """From now on these mailboxes are to be read; those that were before, stay as they are."""
        for name in mailboxes:
            self.connection.execute(self.insert_new(readings).values(mailbox=name, read_at=now))

    def note_read(self, mailbox: str, at: datetime) -> None:
        """All that had come to a mailbox until then has been read."""
        self.connection.execute(update(readings).where(readings.c.mailbox == mailbox).values(read_at=at, told_at=None))

    def note_told(self, mailbox: str, at: datetime) -> None:
        """Somebody was told that a mailbox is not read any more."""
        self.connection.execute(update(readings).where(readings.c.mailbox == mailbox).values(told_at=at))

    def readings(self) -> dict[str, Reading]:
        """Until when each mailbox was read."""
        rows = self.connection.execute(select(readings))
        return {row.mailbox: Reading(row.read_at, row.told_at) for row in rows}

    def key(self, name: str) -> bytes | None:
        """The secret of that name, or None where there is none yet."""
        return self.connection.execute(select(keys.c.value).where(keys.c.name == name)).scalar()

    def make_key(self, name: str, fresh: bytes) -> None:
        """Keeps a secret of that name, unless there is one already."""
        self.connection.execute(self.insert_new(keys).values(name=name, value=fresh))

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
        """What patrons said when asked whether an answer helped, first to last, and who had answered."""
        return verdicts(self.connection)

    def purge(self, before: datetime, forsaken: datetime) -> int:
        """Removes what people wrote and who they are, once kept long enough and needed by no letter and no question
        that is open, or in which anything has happened since ``before``; counts and masked labels stay. An open one
        goes where its last promise was for a day before ``forsaken``. How many messages.
        """
        return purge(self.connection, before, forsaken)

    def forget(self, address: str) -> Forgotten:
        """Removes all that is on record of whoever has this address; counts stay. Doing so again finds nothing."""
        return forget(self.connection, address)
