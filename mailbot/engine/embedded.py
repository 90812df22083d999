"""One process that does it all: APScheduler runs the jobs, IDLE wakes them, SIGTERM ends them in good order.

Owns threads and the schedule. What a job does is the worker's business.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.accounts import secret
from mailbot.classify import Classifier
from mailbot.errors import ConfigError, MailbotError, Refused, Unreachable
from mailbot.log import Event, note
from mailbot.mailbox import Mailbox, reconnect_after
from mailbot.settings import Settings
from mailbot.worker import Worker

RETRY_SECONDS = 20
RENEW_MODEL_SECONDS = 15
REMIND_SECONDS = 60
RENEW_SECONDS = 9 * 60  # IDLE is renewed well before the 29 minutes of RFC 2177; many routers forget after 10


class Job:
    """Work that must be done again after every call of ``wake``, however many threads ask, one at a time."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._guard = threading.Lock()
        self._wanted = False
        self._running = False

    def wake(self) -> bool:
        """Asks for the work to be done. True where nobody is doing it, and somebody has to be sent."""
        with self._guard:
            self._wanted = True
            return not self._running

    def run(self) -> None:
        """Does the work until nobody has asked for it since it began."""
        with self._guard:
            if self._running:
                self._wanted = True
                return
            self._running, self._wanted = True, True
        while self._again():
            try:
                self._work()
            except BaseException:
                self._stop()
                raise

    def _again(self) -> bool:
        with self._guard:
            self._running, self._wanted = self._wanted, False
            return self._running

    def _stop(self) -> None:
        with self._guard:
            self._running = False


class Engine:
    """Collects, delivers, retries, keeps an eye on promises and cleans up on a schedule until told to stop.

    ``renewed`` gives another classifier where another one serves by now, else None; it is asked from time to time.
    ``nightly`` is done once a night.
    """

    def __init__(
        self,
        worker: Worker,
        settings: Settings,
        renewed: Callable[[], Classifier | None] = lambda: None,
        nightly: Callable[[], None] = lambda: None,
    ) -> None:
        self._renewed = renewed
        self._nightly = nightly
        self._worker = worker
        self._settings = settings
        self._stop = threading.Event()
        jobs_at_once = 2 * len(worker.mailboxes) + 2
        self._scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(jobs_at_once)}, timezone=UTC)
        self._collect = {name: Job(self._step(worker.collect, name)) for name in worker.mailboxes}
        self._deliver = {name: Job(self._step(worker.deliver, name)) for name in worker.mailboxes}
        worker.letters_waiting = self._letters_waiting

    def run(self) -> None:
        """Runs until SIGTERM or SIGINT; the message in hand is finished, nothing is left half done."""
        with self._signals():
            self._schedule()
            self._scheduler.start()
            watchers = [_Watcher(self._worker, name, self._stop, self._arrived) for name in self._collect]
            for watcher in watchers:
                watcher.start()
            note(Event.WORKER_STARTED, mailboxes=len(self._collect))
            self._stop.wait()
            self._worker.stopping.set()
            for watcher in watchers:
                watcher.join()
            self._scheduler.shutdown(wait=True)
            note(Event.WORKER_STOPPED)

    def stop(self) -> None:
        """Ends ``run`` from another thread."""
        self._stop.set()

    def _schedule(self) -> None:
        always = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        now = datetime.now(UTC)
        for name, job in self._collect.items():
            seconds = self._settings.worker.poll_seconds
            self._scheduler.add_job(
                job.run, "interval", id=f"collect {name}", seconds=seconds, next_run_time=now, **always
            )
        for name, job in self._deliver.items():
            self._scheduler.add_job(
                job.run, "interval", id=f"deliver {name}", seconds=RETRY_SECONDS, next_run_time=now, **always
            )
        self._scheduler.add_job(self._renew, "interval", id="model", seconds=RENEW_MODEL_SECONDS, **always)
        self._scheduler.add_job(self._remind, "interval", id="promises", seconds=REMIND_SECONDS, **always)
        self._scheduler.add_job(self._clean, "cron", id="housekeeping", hour=3, minute=30, **always)
        hour, zone = self._settings.classify.hour, self._settings.library.timezone
        self._scheduler.add_job(self._night, "cron", id="training", hour=hour, minute=10, timezone=zone, **always)

    def _step(self, work: Callable[[str], None], name: str) -> Callable[[], None]:
        return lambda: self._worker.guarded({}, work, name)

    def _clean(self) -> None:
        self._worker.guarded({}, lambda _: self._worker.housekeeping(), "housekeeping")

    def _night(self) -> None:
        try:
            self._worker.guarded({}, lambda _: self._nightly(), "training")
        except MailbotError as error:
            note(Event.MODEL_FAILED, error=str(error))

    def _remind(self) -> None:
        self._worker.guarded({}, lambda _: self._worker.remind(), "promises")

    def _renew(self) -> None:
        try:
            classifier = self._renewed()
        except MailbotError as error:
            note(Event.MODEL_FAILED, error=str(error))
            return
        if classifier is not None:
            self._worker.use(classifier)
            note(Event.MODEL_RENEWED)

    def _arrived(self, name: str) -> None:
        self._send(self._collect[name])

    def _letters_waiting(self, name: str) -> None:
        self._send(self._deliver[name])

    def _send(self, job: Job) -> None:
        if job.wake() and not self._stop.is_set():
            self._scheduler.add_job(job.run, misfire_grace_time=None)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {
            number: signal.signal(number, lambda *_: self._stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Watcher(threading.Thread):
    """Waits on a connection of its own for the server to say that mail has come (IDLE, RFC 2177).

    Where the server has no IDLE, or the connection fails again and again, the poll is there all the same.
    """

    def __init__(self, worker: Worker, name: str, stop: threading.Event, arrived: Callable[[str], None]) -> None:
        super().__init__(name=f"watch {name}")
        self._name = name
        self._settings = worker.inbox(name)
        self._environ = worker.environ
        self._stopping = stop
        self._arrived = arrived

    def run(self) -> None:
        inbox = Mailbox(self._settings.imap, lambda: secret(self._settings.imap, self._environ))
        attempt = 0
        while not self._stopping.is_set():
            try:
                attempt = self._watch(inbox, attempt)
            except (Unreachable, Refused, ConfigError) as error:
                note(Event.MAILBOX_FAILED, mailbox=self._name, error=str(error))
                attempt += 1
                self._stopping.wait(reconnect_after(attempt))
        inbox.close()

    def _watch(self, inbox: Mailbox, attempt: int) -> int:
        inbox.open()
        if attempt:
            note(Event.MAILBOX_OPENED, mailbox=self._name)
            self._arrived(self._name)
        if inbox.wait(RENEW_SECONDS, self._stopping) and not self._stopping.is_set():
            self._arrived(self._name)
        return 0
