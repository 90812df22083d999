"""One transaction: what every part of ``session`` is built on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection within a transaction that somebody else begins and ends."""

    connection: Connection

    def insert_new(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that a constraint may turn into nothing."""
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table).on_conflict_do_nothing()
        return sqlite.insert(table).on_conflict_do_nothing()
