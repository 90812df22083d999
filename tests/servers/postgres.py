"""A private PostgreSQL: no passwords, careful with nothing, since all of it is thrown away.

As root it runs as the user ``postgres``, which must not be able to be root; otherwise as oneself.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.servers.daemon import Daemon, ServerMissing, program


class Postgres(Daemon):
    """``url`` is an SQLAlchemy URL of the first database, ``new_database()`` of a fresh one."""

    gentle_end = True  # killed, it would leave shared memory behind
    stop_signal = signal.SIGINT  # a "fast" shutdown, which does not wait for clients

    def __init__(self, *, fsync: bool = False) -> None:
        folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
        self._initdb = program("initdb", "postgresql", *folders)
        self._postgres = program("postgres", "postgresql", *folders)
        self._user = "postgres" if os.geteuid() == 0 else None
        super().__init__()
        self._fsync = fsync
        self._serial = itertools.count(1)

    @property
    def url(self) -> str:
        """The database ``postgres``."""
        return self._url("postgres")

    def new_database(self) -> str:
        """The URL of an empty database nobody else uses."""
        import psycopg

        name = f"test{next(self._serial)}"
        address = self.url.replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload, unused-ignore]
        return self._url(name)

    def configure(self) -> None:
        data = self.folder / "data"
        if data.exists():
            return
        data.mkdir(mode=0o700)
        sockets = self.folder / "sockets"
        sockets.mkdir()
        if self._user is not None:
            try:
                shutil.chown(data, self._user)
                shutil.chown(sockets, self._user)
            except LookupError:
                raise ServerMissing("PostgreSQL cannot run as root, and there is no user postgres") from None
        with (self.folder / "initdb.log").open("wb") as log:
            subprocess.run(
                [self._initdb, "-D", str(data), "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                check=True,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )

    def launch(self) -> int:
        settings = [f"port={self.port_numbers[0]}", "listen_addresses=127.0.0.1"]
        settings += [f"unix_socket_directories={self.folder}/sockets", "max_connections=100"]
        settings += [] if self._fsync else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        options = [part for setting in settings for part in ("-c", setting)]
        return self.spawn([self._postgres, "-D", str(self.folder / "data"), *options], user=self._user)

    def ready(self) -> bool:
        """A server that listens may still be starting up; its pid file says when it is done."""
        try:
            return "ready" in (self.folder / "data/postmaster.pid").read_text()
        except OSError:
            return False

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://bot@127.0.0.1:{self.port_numbers[0]}/{database}"
