"""The cycle: collect, keep, decide, file, deliver. Joins the edges to the store; the clock starts here.

Each step can be cut off at any moment and done again: a message is kept before it is thought about, decided
in one transaction with its letters, moved only after that, and a letter keeps its Message-ID for every try.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import random
from string import ascii_lowercase, digits
from types import TracebackType
from typing import Self

from mailbot.accounts import secret
from mailbot.asking import NoGuess
from mailbot.case import Standing
from mailbot.classify.prediction import Classifier
from mailbot.correction import SEAL
from mailbot.decision import Decision
from mailbot.delivery import Delivery
from mailbot.digests import Digests
from mailbot.errors import ConfigError, ConstraintBroken, Refused, StoreError, Unreachable
from mailbot.handling import Handler
from mailbot.log import Event, note
from mailbot.mail import parse
from mailbot.mailbox import Arrival, Mailbox
from mailbot.oversight import Oversight
from mailbot.recording import Handled
from mailbot.reminding import Reminder
from mailbot.sending import Post, Sender, folder_of
from mailbot.settings import MailboxSettings, Settings
from mailbot.store import Fetched, Store
from mailbot.unread import Unread
from mailbot.writing import Writer

MOST_BYTES = 20_000_000
FORSAKEN_AFTER = timedelta(days=365)
"""An open question is kept this long after the last day that was promised: nobody will answer it any more."""
NOTED_EVERY = timedelta(minutes=10)
"""So often, at most, the store is told that a mailbox was read."""
SPARE_ENDS = 2  # a power cut may come while a message is in hand that did nothing wrong: more proof than an exception


@dataclass(frozen=True, slots=True)
class Left:
    """What a round had to leave: one line for each server that could not be reached or said no.

    ``by_itself`` is whether the next round will do, since nothing but a server was out of reach.
    """

    problems: tuple[str, ...] = ()
    by_itself: bool = True


def reroute(
    settings: Settings,
    ref: str,
    department: str,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Decision:
    """Moves a case by hand, whether or not a worker runs; its letters leave with the worker's next round.

    Raises MailbotError where there is no such case or department.
    """
    store = Store.rehearsal(settings.store.url)
    writer = Writer(settings.folder / "templates")
    handler = Handler(settings, store, NoGuess(), writer, clock=clock, ids=_fresh_id, heard=lambda _: None)
    try:
        return handler.reroute(ref, department)
    finally:
        store.close()


class Worker:
    """Does the work of all mailboxes. One that fails never stops the others."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        handler: Handler,
        reminder: Reminder,
        digests: Digests,
        oversight: Oversight,
        unread: Unread,
        sender: Sender,
        posts: Sequence[Post],
        clock: Callable[[], datetime],
        environ: Mapping[str, str],
        stopping: threading.Event,
    ) -> None:
        self.store = store
        self.environ = environ
        self.stopping = stopping
        self.letters_waiting: Callable[[str], None] = lambda _: None
        self._settings = settings
        self._handler = handler
        self._reminder = reminder
        self._sender = sender
        self._digests = digests
        self._oversight = oversight
        self._unread = unread
        self._posts = {post.settings.name: post for post in posts}
        self._clock = clock
        self._thinking = threading.Lock()
        self._suspects_before: datetime | None = None

    @classmethod
    @contextmanager
    def open(
        cls,
        settings: Settings,
        *,
        classifier: Classifier,
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        heard: Callable[[Handled], None] = lambda _: None,
        rehearsal: bool = False,
    ) -> Iterator[Worker]:
        """A worker for these settings, alone on its store, with everything closed again at the end.

        ``environ`` is where passwords may be found. ``heard`` is told of each message once it is decided. With
        ``rehearsal`` nothing is created and the store stays as it is.
        """
        store = Store.rehearsal(settings.store.url) if rehearsal else Store.open(settings.store.url)
        writer = Writer(settings.folder / "templates")
        handler = Handler(settings, store, classifier, writer, clock=clock, ids=_fresh_id, heard=heard)
        reminder = Reminder(settings, store, writer, clock=clock, ids=_fresh_id, deciding=handler.deciding)
        digests = Digests(settings, store, writer, clock=clock, ids=_fresh_id)
        oversight = Oversight(settings, store, writer, clock=clock, ids=_fresh_id)
        unread = Unread(settings, store, writer, clock=clock, ids=_fresh_id)
        posts = [_post(mailbox, environ, settings.worker.smtp_connections) for mailbox in settings.mailboxes]
        stopping = threading.Event()
        sender = Sender(settings, store, handler, writer, clock=clock, chance=random, stopping=stopping)
        worker = cls(
            settings, store, handler, reminder, digests, oversight, unread, sender, posts, clock, environ, stopping
        )
        try:
            if rehearsal:
                yield worker
            else:
                with store.alone():
                    worker.recover()
                    yield worker
        finally:
            for post in posts:
                post.inbox.close()
                post.delivery.close()
            store.close()

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """The names of the mailboxes."""
        return tuple(self._posts)

    def inbox(self, name: str) -> MailboxSettings:
        """The settings of one mailbox."""
        return self._posts[name].settings

    def use(self, classifier: Classifier) -> None:
        """Guesses with another classifier from the next message on."""
        self._handler.use(classifier)

    def recover(self) -> None:
        """After any kind of end: letters that were in hand are due again, messages that were in hand are suspects."""
        now = self._clock()
        with self.store.writing() as session:
            session.make_key(SEAL, secrets.token_bytes(32))
            in_hand = session.resume(now)
            session.adopt(self.mailboxes, self.mailboxes[0])
            session.expect_reading(self.mailboxes, now)
        if in_hand:
            note(Event.LETTERS_RESUMED, letters=in_hand)
        self._suspects_before = now

    # -- in -------------------------------------------------------------------------------------------------------

    def collect(self, name: str) -> None:
        """Keeps, decides and files all that has come to one mailbox. Raises Unreachable, Refused or StoreError."""
        post, began = self._posts[name], self._clock()
        with post.collecting:
            self.store.still_alone()
            self._decide_suspects()
            uidvalidity = post.inbox.open()
            with self.store.reading() as session:
                new = session.unknown(name, uidvalidity, post.inbox.uids())
            post.withheld.intersection_update(new)
            ready = [uid for uid in new if uid not in post.withheld]
            for portion in post.inbox.portions(ready, self._settings.worker.batch, MOST_BYTES) if ready else ():
                self._keep(name, uidvalidity, self._fetch(post, uidvalidity, portion))
                self.decide()
                self._file(post, uidvalidity)
                if self.stopping.is_set():
                    return
            if post.withheld:
                self._keep(name, uidvalidity, self._fetch_each(post, uidvalidity, sorted(post.withheld)))
            self.decide()
            post.read = began
            self._note_read(post, began)
            if post.inbox.open() == uidvalidity:
                self._file(post, uidvalidity)
            closed = self._look_into_folders(post) if self._settings.corrections.by_folder else []
            _raise_all([*closed, *_withheld(post)])

    def _note_read(self, post: Post, at: datetime) -> None:
        if post.noted is not None and at - post.noted < NOTED_EVERY:
            return
        with self.store.writing() as session:
            session.note_read(post.settings.name, at)
        post.noted = at

    def _look_into_folders(self, post: Post) -> list[Unreachable | Refused]:
        """What people have moved into a department's folder is a correction; each message counts once a folder.

        Why folders that the server does not let us look into were left out; they hold up no other.
        """
        parent = f"{self._settings.folders.departments.strip('/')}/"
        closed: list[Unreachable | Refused] = []
        for folder in post.inbox.folders():
            department = folder.removeprefix(parent)
            if not folder.startswith(parent) or self._settings.library.find(department) is None:
                continue
            try:
                reached, found = post.inbox.arrived_in(folder, post.looked.get(folder, (0, 0)))
            except (Unreachable, Refused) as error:
                closed.append(error)
                post.inbox.open()  # every failure ends the connection
                continue
            self._handler.found_in(department, post.settings.name, found)
            post.looked[folder] = reached
            if found:
                self.letters_waiting(post.settings.name)
        return closed

    def _fetch(self, post: Post, uidvalidity: int, portion: Sequence[int]) -> list[Arrival]:
        """The messages of a portion. One that the server can't read must not hold up the others."""
        with suppress(Unreachable, Refused):
            arrivals = post.inbox.fetch(portion)
            post.withheld.update(set(portion) - {arrival.uid for arrival in arrivals})
            return arrivals
        return self._fetch_each(post, uidvalidity, portion)

    def _fetch_each(self, post: Post, uidvalidity: int, uids: Sequence[int]) -> list[Arrival]:
        """Messages one by one, on a new connection where one broke the last. Raises where two in a row do."""
        found: list[Arrival] = []
        missed = 0
        for uid in uids:
            if post.inbox.open() != uidvalidity:
                raise Unreachable("the INBOX was numbered anew meanwhile; it is looked at again in a moment")
            try:
                found += post.inbox.fetch([uid])
                post.withheld.discard(uid)
                missed = 0
            except (Unreachable, Refused):
                post.withheld.add(uid)
                missed += 1
                if missed == 2:  # not one message, then: the server
                    raise
        return found

    def _keep(self, name: str, uidvalidity: int, arrivals: Sequence[Arrival]) -> None:
        """Commits raw messages before anyone thinks about them."""
        if not arrivals:
            return
        with self.store.writing() as session:
            session.keep(name, uidvalidity, [_fetched(arrival) for arrival in arrivals], self._clock())
        note(Event.MESSAGES_KEPT, mailbox=name, messages=len(arrivals))

    def decide(self) -> None:
        """Decides on every message that waits, and wakes the delivery."""
        with self._thinking:
            seen = 0  # what failed is left for the next time: the cause may be gone by then
            while not self.stopping.is_set():
                with self.store.reading() as session:
                    batch = session.waiting(self._settings.worker.batch, MOST_BYTES, after=seen)
                if not batch:
                    return
                seen = batch[-1].id
                self._handler.handle(batch)
                for name in {waiting.mailbox for waiting in batch}:
                    self.letters_waiting(name)

    def _decide_suspects(self) -> None:
        """Messages that were kept before this process began: one of them may have ended the last one.

        Each is blamed before it is thought about, alone, so that a message that kills the process is set aside
        after a few times, and no other message is blamed for it.
        """
        with self._thinking:
            before, self._suspects_before = self._suspects_before, None
            while before is not None and not self.stopping.is_set():
                with self.store.reading() as session:
                    suspects = session.waiting(1, MOST_BYTES, before)
                if not suspects:
                    return
                suspect = suspects[0]
                if suspect.attempts >= self._settings.worker.attempts + SPARE_ENDS:
                    self._handler.set_aside(suspect, "the program ended each time it came to this message")
                    continue
                with self.store.writing() as session:
                    session.blame(suspect.id, "in hand")
                self._handler.handle([suspect])
                self.letters_waiting(suspect.mailbox)

    def _file(self, post: Post, uidvalidity: int) -> None:
        """Moves decided messages into their folders; done again after a crash, it changes nothing."""
        name = post.settings.name
        with self.store.reading() as session:
            unfiled = session.unfiled(name, uidvalidity)
        for standing in Standing:
            these = [one for one in unfiled if one.standing is standing]
            if not these:
                continue
            folder = folder_of(self._settings.folders, standing)
            post.inbox.move([one.uid for one in these], folder)
            with self.store.writing() as session:
                session.filed([one.receipt for one in these], self._clock())
            note(Event.MESSAGES_FILED, mailbox=name, folder=folder, messages=len(these))

    # -- time -----------------------------------------------------------------------------------------------------

    def remind(self) -> None:
        """Does what is due because time passed: promises where the inbox has been read, since an answer may lie there,
        word of an inbox that is not read, and digests. Raises StoreError.
        """
        read = {name: post.read for name, post in self._posts.items() if post.read is not None}
        busy = [name for name, post in self._posts.items() if post.collecting.locked()]
        for name in self._reminder.look(read) | self._unread.look(busy) | self._digests.look():
            self.letters_waiting(name)

    def oversee(self, version: str, target: float) -> None:
        """Restrains the model in use where it is right less often than ``target``. Raises StoreError."""
        for name in self._oversight.look(version, target):
            self.letters_waiting(name)

    # -- out ------------------------------------------------------------------------------------------------------

    def deliver(self, name: str) -> None:
        """Sends every letter of a mailbox that is due. Raises Unreachable, Refused or StoreError."""
        self._sender.deliver(self._posts[name])

    # -- rounds ---------------------------------------------------------------------------------------------------

    def run_once(self) -> Left:
        """Collects, decides, files, keeps an eye on promises and delivers, then removes what was kept long enough.

        Letters leave while messages still come in.
        """
        problems: dict[str, bool] = {}
        with _Courier(self, problems) as courier:
            self.letters_waiting = courier.wake
            for name in self._posts:
                self.guarded(problems, self.collect, name)
                courier.wake(name)
            self.guarded(problems, lambda _: self.remind(), "promises")
        self.guarded(problems, lambda _: self.housekeeping(), "housekeeping")
        return Left(tuple(problems), by_itself=all(problems.values()))

    def rehearse(self) -> Left:
        """Decides on all that lies in the inboxes and takes everything back: nothing changes anywhere."""
        problems: dict[str, bool] = {}
        for name in self._posts:
            self.guarded(problems, self._rehearse, name)
        return Left(tuple(problems), by_itself=all(problems.values()))

    def _rehearse(self, name: str) -> None:
        post = self._posts[name]
        inbox = post.inbox
        uidvalidity = inbox.open()
        with self.store.undone() as session:
            session.adopt(self.mailboxes, self.mailboxes[0])
            new = session.unknown(name, uidvalidity, inbox.uids())
            for portion in inbox.portions(new, self._settings.worker.batch, MOST_BYTES) if new else ():
                arrivals = self._fetch(post, uidvalidity, portion)
                session.keep(name, uidvalidity, [_fetched(arrival) for arrival in arrivals], self._clock())
                while batch := session.waiting(self._settings.worker.batch, MOST_BYTES):
                    self._handler.rehearse(session, batch)
        _raise_all(_withheld(post))

    def housekeeping(self) -> None:
        """Removes what has been kept long enough."""
        now = self._clock()
        before, forsaken = now - timedelta(days=self._settings.store.retention_days), now - FORSAKEN_AFTER
        with self.store.writing() as session:
            gone = session.purge(before, forsaken)
        if gone:
            note(Event.PURGED, messages=gone)

    def guarded(self, problems: dict[str, bool], step: Callable[[str], None], name: str) -> None:
        """Runs a step for one mailbox; what goes wrong is noted and does not reach the next.

        ``problems`` takes what to say, and whether waiting is all it needs.
        """
        try:
            step(name)
        except (Unreachable, Refused, ConfigError) as error:
            note(Event.SERVER_FAILED, mailbox=name, error=str(error))
            problems[f"{name}: {error}"] = isinstance(error, Unreachable)
        except (StoreError, ConstraintBroken) as error:
            note(Event.STORE_FAILED, error=str(error))
            problems[str(error)] = False


class _Courier:
    """A thread that delivers while the main one collects, for as long as a round lasts."""

    def __init__(self, worker: Worker, problems: dict[str, bool]) -> None:
        self._worker = worker
        self._problems = problems
        self._wanted: set[str] = set()
        self._change = threading.Condition()
        self._over = False
        self._thread = threading.Thread(target=self._run, name="courier")
        self._failure: BaseException | None = None

    def wake(self, name: str) -> None:
        """There are letters of this mailbox to deliver."""
        with self._change:
            self._wanted.add(name)
            self._change.notify()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._change:
            self._over = True
            self._change.notify()
        self._thread.join()
        if self._failure is not None and error is None:
            raise self._failure

    def _run(self) -> None:
        try:
            while (name := self._next()) is not None:
                self._worker.guarded(self._problems, self._worker.deliver, name)
        except BaseException as failure:  # noqa: BLE001 - raised again by the thread that waits for this one
            self._failure = failure

    def _next(self) -> str | None:
        with self._change:
            self._change.wait_for(lambda: self._wanted or self._over)
            return self._wanted.pop() if self._wanted else None


def _fresh_id() -> str:
    """129 random bits, in lower case: mail programs change the case of ids and addresses."""
    return "".join(secrets.choice(ascii_lowercase + digits) for _ in range(25))


def _post(mailbox: MailboxSettings, environ: Mapping[str, str], connections: int) -> Post:
    inbox = Mailbox(mailbox.imap, lambda: secret(mailbox.imap, environ))
    delivery = Delivery(
        mailbox.smtp,
        lambda: secret(mailbox.smtp, environ),
        fallback_sender=mailbox.address,
        connections=connections,
    )
    return Post(mailbox, inbox, delivery)


def _withheld(post: Post) -> list[Refused]:
    """What is wrong where the server lists mail and would not hand it out."""
    left = sorted(post.withheld.intersection(post.inbox.uids())) if post.withheld else []
    if not left:
        return []
    which = ", ".join(map(str, left))
    return [
        Refused(
            f"the server lists mail in the INBOX that it does not hand out (UID {which}); it holds up nothing else; "
            "look at that mail with a mail program, or ask whoever runs the server"
        )
    ]


def _raise_all(errors: Sequence[Unreachable | Refused]) -> None:
    """Raises one error that says all of these; nothing where there is none. One that waiting won't mend comes first."""
    if errors:
        kind = Refused if any(isinstance(one, Refused) for one in errors) else Unreachable
        raise kind("; ".join(map(str, errors)))


def _fetched(arrival: Arrival) -> Fetched:
    message = parse(arrival.raw)
    return Fetched(arrival.uid, arrival.raw, message.message_id, message.content_hash)
