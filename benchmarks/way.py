"""Inquiries a second through the whole way, against the floor, side by side in one run.

The way: Dovecot over TLS, read, guess, decide, two letters each, durable commits, filed, delivered. The floor: the same
servers and sizes with no logic: fetch and move in batches of 50, two ready letters each over 4 kept connections,
grouped commits. Own CPU is what this process used, user and system, for each inquiry.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiosmtplib import SMTP
from imapclient import IMAPClient

from benchmarks.servers import c_sink, dovecot, fitted, inquiries, plain, postfix, settings_for
from mailbot.accounts import Server
from mailbot.classify import Classifier
from mailbot.worker import Worker
from tests.servers import Dovecot

NUMBER, ROUNDS, BATCH = 1500, 3, 50
LETTER = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: s\r\n\r\n" + b"x" * 70 * 20 + b"\r\n"


@dataclass(frozen=True, slots=True)
class Figure:
    """How fast it went: inquiries a second, and milliseconds of own CPU for each."""

    rate: float
    cpu: float


def main() -> None:
    """Prints the way, the floor and their ratio, into a C sink and into Postfix with STARTTLS."""
    with dovecot() as imap, c_sink() as sink, postfix(imap, sink) as relay:
        classifier = fitted()
        for name, smtp in (("C sink", plain(sink)), ("Postfix, STARTTLS", relay.server(imap.new_user()))):
            ways, floors = [], []
            for _ in range(ROUNDS):
                floors.append(_measured(imap, partial(_floor, imap, smtp)))
                ways.append(_measured(imap, partial(_way, imap, smtp, classifier)))
            _print(name, ways, floors)


def _measured(imap: Dovecot, run: Callable[[str], None]) -> Figure:
    user = imap.new_user()
    imap.put(user, *inquiries(NUMBER))
    with _clocked() as spent:
        run(user)
    return Figure(NUMBER / spent[0], spent[1] / NUMBER * 1000)


def _way(imap: Dovecot, smtp: Server, classifier: Classifier, user: str) -> None:
    with settings_for(imap.server(user), smtp) as settings:
        with Worker.open(settings, classifier=classifier) as worker:
            left = worker.run_once()
            with worker.store.reading() as session:
                letters = dict(session.sums().letters)
        assert not left.problems, left.problems
        assert set(letters) == {"sent"}, letters
        assert letters["sent"] > 1.9 * NUMBER, letters


def _floor(imap: Dovecot, smtp: Server, user: str) -> None:
    asyncio.run(_without_logic(imap.server(user), smtp))


async def _without_logic(imap: Server, smtp: Server) -> None:
    trust = ssl.create_default_context(cafile=str(imap.ca_file))
    password = imap.password_file.read_text().strip() if imap.password_file else ""
    with (
        IMAPClient(imap.host, imap.port, ssl_context=trust) as client,
        tempfile.TemporaryDirectory() as folder,
    ):
        client.login(imap.user, password)
        client.select_folder("INBOX")
        client.create_folder("Done")
        store = sqlite3.connect(Path(folder) / "floor.db")
        store.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE m(uid, raw)")
        connections = [await _connected(smtp, password, trust) for _ in range(4)]
        uids = client.search()
        for start in range(0, len(uids), BATCH):
            batch = uids[start : start + BATCH]
            fetched = await asyncio.to_thread(client.fetch, batch, ["BODY.PEEK[]"])
            store.executemany("INSERT INTO m VALUES (?, ?)", [(uid, fetched[uid][b"BODY[]"]) for uid in batch])
            store.commit()
            await asyncio.to_thread(client.move, batch, "Done")
            shares = [2 * len(batch) // 4] * 4
            await asyncio.gather(*(_send(one, share) for one, share in zip(connections, shares, strict=True)))
        for one in connections:
            await one.quit()
        store.close()


async def _connected(server: Server, password: str, trust: ssl.SSLContext) -> SMTP:
    secure = server.security == "starttls"
    client = SMTP(hostname=server.host, port=server.port, start_tls=secure, tls_context=trust if secure else None)
    await client.connect()
    if server.user:
        await client.login(server.user, password)
    return client


async def _send(client: SMTP, letters: int) -> None:
    for _ in range(letters):
        await client.sendmail("a@example.com", ["b@example.com"], LETTER)


@contextmanager
def _clocked() -> Iterator[list[float]]:
    spent = [0.0, 0.0]
    before, began = os.times(), time.perf_counter()
    yield spent
    after = os.times()
    spent[0] = time.perf_counter() - began
    spent[1] = after.user + after.system - before.user - before.system


def _print(name: str, ways: list[Figure], floors: list[Figure]) -> None:
    way, floor = (statistics.median(one.rate for one in these) for these in (ways, floors))
    ratio = statistics.median(a.rate / b.rate for a, b in zip(ways, floors, strict=True))
    cpu = statistics.median(one.cpu for one in ways)
    print(f"{name}: {NUMBER} inquiries, median of {ROUNDS} rounds (all: {[round(one.rate) for one in ways]})")
    print(f"  mailbot {way:6.1f} inquiries/s, {cpu:.1f} ms of own CPU each")
    print(f"  floor   {floor:6.1f} inquiries/s; mailbot is at {ratio:.0%} of it")


if __name__ == "__main__":
    main()
