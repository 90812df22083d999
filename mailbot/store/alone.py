"""One worker a database: whoever comes second is told so. The system lets go however the worker ends."""

from __future__ import annotations

import fcntl
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from mailbot.errors import StoreError
from mailbot.store.database import shown, translated

ADVISORY_LOCK = 0x6D61696C  # "mail": any number will do, as long as every mailbot takes the same


class Alone:
    """The hold of one worker on its database: a lock on a file beside SQLite's, an advisory lock in PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._file: IO[str] | None = None
        self._checking = threading.Lock()

    def take(self) -> None:
        """Raises StoreError where another worker is at work on the database."""
        path = self._engine.url.database
        if self._engine.dialect.name == "postgresql":
            self._take_advisory_lock()
        elif path and path != ":memory:":
            self._file = Path(f"{path}.lock").open("w")  # noqa: SIM115 - held until `give_up`
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._busy() from None

    def keep(self) -> None:
        """Takes it again where the server forgot it, as PostgreSQL does when it restarts. Raises as ``take``."""
        with self._checking:
            if self._connection is None:
                return
            try:
                self._connection.execute(text("SELECT 1"))
                self._connection.commit()
            except SQLAlchemyError:
                with suppress(SQLAlchemyError):  # a server that is still away leaves a closed one behind, too
                    self._connection.invalidate()
                    self._connection.close()
                self._take_advisory_lock()

    def give_up(self) -> None:
        """The next worker may come."""
        if self._file is not None:
            self._file.close()
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                self._connection.close()

    def _take_advisory_lock(self) -> None:
        with translated(self._engine):
            connection = self._engine.connect()
            connection.detach()  # not back to the pool at the end: the lock ends with the connection
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_LOCK}).scalar()
            connection.commit()
            if not taken:
                connection.close()
                raise self._busy()
            self._connection = connection

    def _busy(self) -> StoreError:
        return StoreError(f"another mailbot is at work on {shown(self._engine)}; two would do everything twice")
