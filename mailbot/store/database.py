"""Opening the database: the engine, SQLite's settings, the schema's version.

Owns the connection and the error translation; the queries are in ``store.session`` and its parts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from mailbot.errors import ConfigError, ConstraintBroken, StoreError

BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str) -> Engine:
    """An engine for the URL. SQLite runs in WAL mode, durable at each commit (synchronous FULL)."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)  # what patrons wrote is for mailbot's own user; SQLite's other files follow it
        waits = {"timeout": BUSY_SECONDS, "check_same_thread": False}
        engine = create_engine(url, connect_args=waits, hide_parameters=True)
    else:
        one = {"check_same_thread": False}
        engine = create_engine(url, connect_args=one, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is too late and too weak: see _begin_sqlite
    # secure_delete: what a patron wrote, once removed, is not to lie about in the file
    settings = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*settings, f"busy_timeout={BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that will write takes the lock at once: upgrading a read lock later can only fail.
    reading = connection.get_execution_options().get("mailbot_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Brings the schema to the newest version. Cheap where it is there already."""
    from alembic import command
    from alembic.config import Config

    if at_head(engine):
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with translated(engine), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def wipe(engine: Engine) -> None:
    """Clears away what removed rows have left behind: SQLite's write-ahead log, PostgreSQL's dead rows."""
    with translated(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM")
            return
        try:  # past SQLAlchemy, whose transaction would stand in the way
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"the log of {shown(engine)} can't be emptied: {error}") from error


def at_head(engine: Engine) -> bool:
    """Whether the schema is of this version of mailbot. Raises ConfigError where it is of a newer one."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    with translated(engine), reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise ConfigError(
            f"the database {shown(engine)} was made by a newer mailbot (schema {current}); "
            "update mailbot, or point [store] url at another database"
        )
    return current == script.get_current_head()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read-only transaction: waits for nobody."""
    with engine.connect().execution_options(mailbot_reading=True) as connection:
        yield connection
        connection.rollback()


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """A refused record as ConstraintBroken, any other failure of the database as a StoreError that names it."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise ConstraintBroken(
            f"the database {shown(engine)} refuses a record: {_without_the_record(error)}"
        ) from error
    except DBAPIError as error:
        raise StoreError(f"the database {shown(engine)} cannot be used: {error.orig}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database {shown(engine)} cannot be used: {error}") from error


def _without_the_record(error: DataError | IntegrityError) -> str:
    """Why a record is refused. PostgreSQL quotes the record below the first line, and the value itself where that is
    what it does not like.
    """
    if isinstance(error, DataError):
        return type(error.orig).__name__
    return next(iter(str(error.orig).splitlines()), type(error.orig).__name__)


def shown(engine: Engine) -> str:
    """The database's URL, without its password."""
    return engine.url.render_as_string(hide_password=True)
