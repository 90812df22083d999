"""Seconds from a mail's arrival in the mailbox to its acknowledgement at the SMTP server, with IDLE."""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import replace

from benchmarks.servers import dovecot, fitted, inquiries, settings_for
from mailbot.engine.embedded import Engine
from mailbot.settings import Settings
from mailbot.worker import Worker
from tests.servers import Dovecot, SmtpSink

MAILS = 40
PATIENCE = 30.0  # seconds; a mail that gets no answer by then counts as that


def main() -> None:
    """Prints median and 95th percentile; the poll is set to ten minutes, so that only IDLE can have told."""
    with dovecot() as imap, SmtpSink() as sink:
        user = imap.new_user()
        with settings_for(imap.server(user), sink.server()) as settings:
            slow_poll = replace(settings, worker=replace(settings.worker, poll_seconds=600))
            taken = _taken(slow_poll, imap, user, sink)
    ordered = sorted(taken)
    print(f"{MAILS} mails, one at a time, Dovecot over TLS:")
    middle, late = statistics.median(ordered), ordered[int(0.95 * MAILS)]
    print(f"  median {middle:.2f} s, p95 {late:.2f} s, worst {ordered[-1]:.2f} s")


def _taken(settings: Settings, imap: Dovecot, user: str, sink: SmtpSink) -> list[float]:
    taken: list[float] = []
    with Worker.open(settings, classifier=fitted()) as worker:
        engine = Engine(worker, settings)
        running = threading.Thread(target=engine.run)
        running.start()
        time.sleep(3)  # until IDLE has begun
        for raw in inquiries(MAILS):
            before = len(sink.received)
            began = time.perf_counter()
            imap.put(user, raw)
            while len(sink.received) == before and time.perf_counter() < began + PATIENCE:
                time.sleep(0.005)
            taken.append(time.perf_counter() - began)
            time.sleep(0.5)
        engine.stop()
        running.join()
    return taken
