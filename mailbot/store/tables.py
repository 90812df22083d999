"""The tables. One schema for SQLite and PostgreSQL; migrations follow it (``store/migrations``).

Each promise of "never lost, never twice" is a constraint here, not a habit of the code:

- ``receipts`` has one row for each UID seen (mailbox, UIDVALIDITY, UID): nothing is counted twice.
- ``messages`` has one row for each mail (Message-ID and content hash): copies that came by other ways,
  or to another of our addresses, are receipts of the same message.
- ``examples`` has one row for each text that was brought in from elsewhere (``content``, a hash of its
  writer and masked words).
- ``letters`` allows one letter to the patron for each message, and one of each kind to anybody.
- ``guesses`` has one row for each message that a case began with, ``thresholds`` one for each model that proved less
  right than it should be.
- ``sightings`` has one row for each message and department whose folder it was found in: a move counts once.
- ``reminders`` has one row for each thing done about a promise: nobody is reminded twice, and no patron hears twice
  of the same broken one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Key = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept as UTC: SQLite has no time zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(text: str) -> str:
    """Text from outside, without the NULs and lone surrogates that a database refuses."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def identifier(text: str) -> str:
    """A Message-ID, short enough for an index, whatever a sender made of it (RFC 5322 lines end at 998)."""
    return storable(text[:500])


class Outside(TypeDecorator[str]):
    """Text from outside, made storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Identifier(TypeDecorator[str]):
    """A Message-ID, made fit for an index."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else identifier(value)


messages = Table(
    "messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("message_id", Identifier, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("standing", String(16)),
    Column("why", Outside, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("case_id", Key, ForeignKey("cases.id")),
    Column("kind", String(16), nullable=False, server_default=""),
    Column("writer_name", Outside, nullable=False, server_default=""),
    Column("writer_address", Outside, nullable=False, server_default=""),
    Column("text", Outside, nullable=False, server_default=""),
    Column("raw", LargeBinary),  # last: SQLite reads past it to get at what stands behind
    UniqueConstraint("message_id", "content_hash"),
)
Index(
    "ix_messages_waiting",
    messages.c.id,
    sqlite_where=text("standing IS NULL"),
    postgresql_where=text("standing IS NULL"),
)
Index("ix_messages_case_id", messages.c.case_id)
Index(
    "ix_messages_unpurged",
    messages.c.kept_at,
    sqlite_where=text("raw IS NOT NULL"),
    postgresql_where=text("raw IS NOT NULL"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("message", Key, ForeignKey("messages.id"), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("standing", String(16)),
    Column("why", Outside, nullable=False, server_default=""),
    Column("filed_at", Instant),
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
)
Index("ix_receipts_message", receipts.c.message)
Index(
    "ix_receipts_unfiled",
    receipts.c.mailbox,
    sqlite_where=text("filed_at IS NULL"),
    postgresql_where=text("filed_at IS NULL"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Key, primary_key=True),
    Column("ref", String(32), nullable=False, unique=True),
    Column("patron_name", Outside, nullable=False),
    Column("patron_address", Outside, nullable=False),
    Column("patron_key", Outside, nullable=False),
    Column("subject", Outside, nullable=False),
    Column("language", String(8), nullable=False),
    Column("holder", Text, nullable=False),
    Column("held_by", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened", Instant, nullable=False),
    Column("due", Instant),
    Column("passed_on_name", Outside, nullable=False, server_default=""),
    Column("passed_on_address", Outside, nullable=False, server_default=""),
    Column("request", Outside, nullable=False, server_default=""),
    Column("sure", Boolean, nullable=False),
    Column("answerable", Boolean, nullable=False),
    Column("touched", Instant, nullable=False),
    Column("follows", String(32), nullable=False, server_default=""),
)
Index("ix_cases_patron_key", cases.c.patron_key, cases.c.touched)
Index("ix_cases_follows", cases.c.follows, sqlite_where=text("follows <> ''"), postgresql_where=text("follows <> ''"))
Index(
    "ix_cases_due",
    cases.c.due,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

events = Table(
    "events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("case_id", Key, ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("event", String(16), nullable=False),
    Column("message", Key, ForeignKey("messages.id")),
    Column("department", Text, nullable=False),
    Column("why", Outside, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Key, primary_key=True),
    Column("message_id", Identifier, nullable=False, unique=True),
    Column("mailbox", Text, nullable=False),
    Column("case_id", Key, ForeignKey("cases.id"), index=True),
    Column("cause", Key, ForeignKey("messages.id")),
    Column("kind", String(16), nullable=False),
    Column("to_patron", Boolean, nullable=False),
    Column("department", Text, nullable=False, server_default=""),
    Column("case_ref", String(32), nullable=False),
    Column("sender_name", Outside, nullable=False),
    Column("sender_address", Outside, nullable=False),
    Column("to_name", Outside, nullable=False),
    Column("to_address", Outside, nullable=False),
    Column("to_key", Outside, nullable=False),
    Column("reply_to", JSON, nullable=False),
    Column("subject", Outside, nullable=False),
    Column("text", Outside, nullable=False),
    Column("language", String(8), nullable=False),
    Column("in_reply_to", Outside, nullable=False),
    Column("references", JSON, nullable=False),
    Column("carries", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("failure", Outside, nullable=False, server_default=""),
    UniqueConstraint("cause", "kind", "to_key", "department"),
)
Index(
    "uq_letters_one_to_the_patron",
    letters.c.cause,
    unique=True,
    sqlite_where=text("to_patron"),
    postgresql_where=text("to_patron"),
)
Index(
    "ix_letters_due",
    letters.c.due_at,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)
Index("ix_letters_to_key", letters.c.to_key, letters.c.written_at)
Index(
    "ix_letters_to_patrons",
    letters.c.mailbox,
    letters.c.written_at,
    sqlite_where=text("to_patron"),
    postgresql_where=text("to_patron"),
)

examples = Table(
    "examples",
    metadata,
    Column("id", Key, primary_key=True),
    Column("case_id", Key, ForeignKey("cases.id"), index=True),
    Column("message", Key, ForeignKey("messages.id")),
    Column("department", Text, nullable=False),
    Column("source", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("subject", Outside, nullable=False, server_default=""),
    Column("text", Outside, nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("sender", String(32), nullable=False, server_default=""),
    Column("content", String(64), unique=True),
    Column("summary", Outside, nullable=False, server_default=""),
    Column("encoder", String(16), nullable=False, server_default=""),
    Column("vector", LargeBinary),
    UniqueConstraint("case_id", "message", "department", "source"),
)
Index("ix_examples_sender", examples.c.sender)

guesses = Table(
    "guesses",
    metadata,
    Column("message", Key, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("case_id", Key, ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("department", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("sure", Boolean, nullable=False),
    Column("ruled", Boolean, nullable=False),
    Column("model", String(16), nullable=False),
)

thresholds = Table(
    "thresholds",
    metadata,
    Column("model", String(16), primary_key=True),
    Column("threshold", Float, nullable=False),
    Column("at", Instant, nullable=False),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Key, primary_key=True),
    Column("case_id", Key, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("occasion", String(16), nullable=False),
    Column("due", Instant, nullable=False),
    Column("department", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("case_id", "occasion", "due", "department"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("message", Key, ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("department", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("day", Date, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("mailbox", Text, primary_key=True),
    Column("read_at", Instant, nullable=False),
    Column("told_at", Instant),
)

keys = Table(
    "keys",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
