"""What mailbot knows, kept: messages, receipts, cases, letters. SQLite by default, PostgreSQL at scale.

``Store`` opens the database and hands out transactions; the questions and answers are in ``Session``.
Knows nothing of IMAP, SMTP or policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, make_url

from mailbot.errors import ConfigError, MailbotError
from mailbot.store.alone import Alone
from mailbot.store.database import at_head, connect, migrate, reading, shown, translated, wipe
from mailbot.store.labels import content_of
from mailbot.store.records import (
    Asked,
    Brought,
    Fetched,
    Forgotten,
    Imported,
    Kept,
    Labelled,
    LetterTrace,
    Outgoing,
    Part,
    Reading,
    RestingPlace,
    SentBefore,
    Sighting,
    Sums,
    Unfiled,
    Verdict,
    Waiting,
    Watched,
    Way,
    Written,
)
from mailbot.store.session import Session


class Store:
    """The database. Every failure of it is a ``StoreError``; what was not committed did not happen."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._alone = Alone(engine)

    @classmethod
    def open(cls, url: str) -> Store:
        """Opens the database of that URL, creating or migrating it as needed."""
        try:
            engine = connect(url)
        except (OSError, ImportError) as error:
            raise ConfigError(f"[store] url: {url.rsplit('@', maxsplit=1)[-1]} cannot be opened: {error}") from error
        return cls._migrated(engine)

    @classmethod
    def rehearsal(cls, url: str) -> Store:
        """The same database where it exists, else an empty one in memory: for looking without changing anything."""
        if _missing(url):
            return cls._migrated(connect("sqlite://"))
        engine = connect(url)
        try:
            if not at_head(engine):
                older = "is of an older mailbot; run `mailbot run --once` first"
                raise ConfigError(f"the database {shown(engine)} {older}")
        except MailbotError:
            engine.dispose()
            raise
        return cls(engine)

    @classmethod
    def _migrated(cls, engine: Engine) -> Store:
        try:
            migrate(engine)
        except MailbotError:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Lets go of every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only looks."""
        with translated(self._engine), reading(self._engine) as connection:
            yield Session(connection)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits at the end of the block, or leaves nothing behind where it raised."""
        with translated(self._engine), self._engine.begin() as connection:
            yield Session(connection)

    @contextmanager
    def undone(self) -> Iterator[Session]:
        """A transaction that is taken back at the end of the block, whatever was written in it."""
        with translated(self._engine), self._engine.connect() as connection, connection.begin() as transaction:
            yield Session(connection)
            transaction.rollback()

    def wipe(self) -> None:
        """Makes what was removed unreadable as far as the database lets anyone: SQLite overwrites it as it goes and
        empties its log here, PostgreSQL frees the rows.
        """
        wipe(self._engine)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the database for one worker; the system lets go of it however the worker ends.

        Raises StoreError where another worker is at work on it.
        """
        self._alone = Alone(self._engine)
        try:
            self._alone.take()
            yield
        finally:
            self._alone.give_up()

    def still_alone(self) -> None:
        """Makes sure of it after the server may have forgotten. Raises StoreError where another came meanwhile."""
        self._alone.keep()


def _missing(url: str) -> bool:
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).exists())


__all__ = [
    "Asked",
    "Brought",
    "Fetched",
    "Forgotten",
    "Imported",
    "Kept",
    "Labelled",
    "LetterTrace",
    "Outgoing",
    "Part",
    "Reading",
    "RestingPlace",
    "SentBefore",
    "Session",
    "Sighting",
    "Store",
    "Sums",
    "Unfiled",
    "Verdict",
    "Waiting",
    "Watched",
    "Way",
    "Written",
    "content_of",
]
