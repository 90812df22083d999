"""Memory at rest and its growth over 10,000 messages; the time of the last hundred against the first hundred; all of it
with 100,000 cases in the database.
"""

from __future__ import annotations

import resource
import statistics
import time
from datetime import UTC, datetime, timedelta

import psutil

from benchmarks.servers import c_sink, dovecot, fitted, inquiries, plain, settings_for
from mailbot.case import Case, State
from mailbot.mail import Address
from mailbot.store import Store
from mailbot.worker import Worker

CASES, MESSAGES, HUNDRED = 100_000, 10_000, 100


def main() -> None:
    """Prints megabytes resident and seconds a hundred messages, at the beginning and at the end."""
    with dovecot() as imap, c_sink() as sink:
        user = imap.new_user()
        with settings_for(imap.server(user), plain(sink)) as settings:
            store = Store.open(settings.store.url)
            _fill(store)
            store.close()
            with Worker.open(settings, classifier=fitted()) as worker:
                worker.run_once()
                sizes, times = [_megabytes()], list[float]()
                for _ in range(MESSAGES // HUNDRED):
                    imap.put(user, *inquiries(HUNDRED))
                    began = time.perf_counter()
                    worker.run_once()
                    times.append(time.perf_counter() - began)
                    sizes.append(_megabytes())
    first, last = statistics.median(times[1:11]), statistics.median(times[-10:])
    print(f"resident at rest, model loaded: {sizes[0]:.0f} MB")
    print(f"after 1,000 messages {sizes[10]:.0f} MB, after {MESSAGES:,} {sizes[-1]:.0f} MB")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(f"a hundred messages: {first:.2f} s at the beginning, {last:.2f} s at the end ({last / first:.2f} times)")


def _fill(store: Store) -> None:
    now = datetime.now(UTC) - timedelta(days=90)
    with store.writing() as session:
        for number in range(CASES):
            patron = Address("Old Patron", f"old{number % 40_000}@example.org")
            case = Case(
                ref=f"old-{number}",
                patron=patron,
                subject="An old question",
                language="en",
                holder="reference",
                held_by=("reference",),
                state=State.ANSWERED,
                opened=now,
                due=None,
            )
            session.open_case(case, now)


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6
