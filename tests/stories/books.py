"""What the store has on record after a step, read past the worker: receipts, messages, cases, labels.

A look of the tests' own at the tables, so that a story checks what is really there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import create_engine, func, select, update

from mailbot.store.tables import cases, examples, letters, messages, receipts


@dataclass(frozen=True, slots=True)
class Booked:
    """One UID as booked, with its message's case (0 where it has none) and reason."""

    receipt: int
    standing: str | None
    why: str
    case: int
    filed: bool


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as it stands."""

    id: int
    ref: str
    holder: str
    state: str
    due: datetime | None


class Books:
    """The records behind one database URL."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)

    def booked(self, after: int = 0) -> list[Booked]:
        """Every receipt newer than that one."""
        query = (
            select(
                receipts.c.id, receipts.c.standing, receipts.c.why, messages.c.case_id, receipts.c.filed_at.is_not(None)
            )
            .join(messages, messages.c.id == receipts.c.message)
            .where(receipts.c.id > after)
            .order_by(receipts.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Booked(number, standing, why, case or 0, bool(filed)) for number, standing, why, case, filed in rows]

    def every_text(self) -> list[str]:
        """What is on record of the words of all letters."""
        with self._engine.connect() as connection:
            return list(connection.execute(select(letters.c.text)).scalars())

    def case(self, number: int) -> CaseRecord:
        """A case by its row id."""
        query = select(cases.c.id, cases.c.ref, cases.c.holder, cases.c.state, cases.c.due).where(cases.c.id == number)
        with self._engine.connect() as connection:
            return CaseRecord(*connection.execute(query).one())

    def texts(self) -> str:
        """All the text there is on record of messages and letters."""
        with self._engine.connect() as connection:
            return "".join(
                (
                    *connection.execute(select(messages.c.text)).scalars(),
                    *connection.execute(select(letters.c.text)).scalars(),
                )
            )

    def lose_texts(self) -> None:
        """Takes the texts of messages off the record."""
        with self._engine.begin() as connection:
            connection.execute(update(messages).values(text="", raw=None))

    def last_label(self) -> int:
        """The newest label's row id, 0 where there is none."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.max(examples.c.id))).scalar() or 0)

    def labels(self, after: int) -> set[str]:
        """The departments of the labels newer than that one."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(examples.c.department).where(examples.c.id > after)).scalars())

    def letters_unsent(self) -> list[str]:
        """A line for each letter that has not left."""
        query = select(letters.c.kind, letters.c.to_address, letters.c.failure).where(letters.c.sent_at.is_(None))
        with self._engine.connect() as connection:
            return [f"{kind} to {to}: {failure or 'waits'}" for kind, to, failure in connection.execute(query)]

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()
