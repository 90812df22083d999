"""Time passes: what ``promises`` says is to be done is written, recorded and put into the outbox, a case at a time.

Asks the store, decides nothing. Clock and chance are arguments; letters leave as all others do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mailbot.background import wanted_at
from mailbot.case import State
from mailbot.correction import SEAL
from mailbot.errors import ConstraintBroken, Overtaken, StoreError, named
from mailbot.library import Library
from mailbot.log import Event, note
from mailbot.mail import Address, Ours, understand
from mailbot.pacing import Pacing
from mailbot.promises import NOT_LATER, Reminding, follow_up, remind
from mailbot.settings import Settings, ours
from mailbot.store import Session, Store, Watched, Written
from mailbot.writing import Writer, grave_in, is_delicate, named_in, urgent
from mailbot.writing.letter import LetterKind, Occasion, Past, Scene


class Reminder:
    """Keeps an eye on the promises of every open case.

    ``ids`` gives a fresh unguessable name at each call, ``clock`` the present moment (aware). ``deciding`` is held
    while a case is changed.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        writer: Writer,
        *,
        clock: Callable[[], datetime],
        ids: Callable[[], str],
        deciding: threading.Lock,
    ) -> None:
        self._settings = settings
        self._library: Library = settings.library
        self._pacing = Pacing(settings, store)
        self._ours: Ours = ours(settings.library)
        self._store = store
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._deciding = deciding
        self._mailboxes = {mailbox.name: mailbox for mailbox in settings.mailboxes}
        self._given_up: set[tuple[int, datetime | None]] = set()

    def look(self, read: Mapping[str, datetime]) -> frozenset[str]:
        """Does what is to be done about each case now; the mailboxes that have letters since.

        ``read`` is, by mailbox, the moment up to which its inbox has been read; cases of others have to wait. A case
        that cannot be handled is logged, and left alone until its promise changes; it holds up no other.
        """
        self._library = self._pacing.library(self._clock())
        with self._store.reading() as session:
            owed = [*session.promised(), *self._to_ask(session)]
        woken: set[str] = set()
        for one in owed:
            key = (one.kept.id, one.kept.case.due)
            if key in self._given_up or self._judged(one, self._clock(), read) is None:
                continue
            try:
                woken |= self._remind(one.kept.id, read)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - one case that can't be worded must not keep the others waiting
                self._given_up.add(key)
                note(Event.REMINDER_FAILED, case=one.kept.case.ref, error=named(error))
        return frozenset(woken)

    def _judged(self, one: Watched, now: datetime, read: Mapping[str, datetime]) -> Reminding | None:
        until = read.get(self._mailbox(one))
        if until is None:
            return None
        if one.kept.case.state is State.ANSWERED:
            return follow_up(one.kept.case, one.past, self._settings.follow_up.after_days, now)
        return remind(one.kept.case, one.past, self._library, self._settings.promises.remind_at, now, until)

    def _to_ask(self, session: Session) -> list[Watched]:
        """Cases that were answered so long ago that the patron may be asked about it."""
        days = self._settings.follow_up.after_days
        before = self._clock() - timedelta(days=days)
        return session.answered(before - NOT_LATER, before) if days else []

    def _mailbox(self, one: Watched) -> str:
        """The mailbox whose letters the case's people answer; the first where that one is no longer configured."""
        return one.mailbox if one.mailbox in self._mailboxes else next(iter(self._mailboxes))

    def _remind(self, case_id: int, read: Mapping[str, datetime]) -> set[str]:
        """Looks again with all that is on record, and commits what is to be done in one go."""
        now, limit = self._clock(), self._settings.worker.letters_per_sender_per_day
        with self._deciding:
            try:
                with self._store.writing() as session:
                    one = session.watched(case_id, now, limit)
                    mailbox = self._mailbox(one)
                    scene = self._scene(session, one, mailbox, now)
                    unknown = not any(past.text for past in scene.history)
                    quiet = scene.urgent or unknown or is_delicate(scene, Occasion.ASKED)
                    past = replace(one.past, delicate=quiet, unnamed=_unnamed(session, one))
                    found = self._judged(replace(one, past=past), now, read)
                    if found is None:
                        return set()
                    self._record(session, found, one, mailbox, _as_found(scene, found))
            except (ConstraintBroken, Overtaken):  # it was done, or the case was changed, in this very moment
                return set()
        note(Event.CASE_REMINDED, case=found.case.ref, occasion=found.done.occasion.value)
        return {mailbox}

    def _record(self, session: Session, found: Reminding, one: Watched, mailbox: str, scene: Scene) -> None:
        case_id, now = one.kept.id, scene.now
        session.reminded(case_id, found.done)
        if found.case != found.was:
            session.change_case(case_id, found.case, now, seen=one.kept.touched)
        sender = scene.mailbox.domain
        session.post(
            [
                Written(self._writer.write(order, scene), f"<{self._ids()}.mailbot@{sender}>", order.department or "")
                for order in found.orders
            ],
            mailbox,
            case_id,
            None,
            now,
        )
        if found.orders:
            session.tell(case_id, found.done.occasion.value, None, found.case.holder, found.why, now)

    def _scene(self, session: Session, one: Watched, mailbox: str, now: datetime) -> Scene:
        """What the letters may speak of: the patron's last message stands for the one that is answered."""
        parts = session.parts([one.kept.id]).get(one.kept.id, ())
        raws = session.originals([part.id for part in parts][-1:])
        message = understand(raws[0] if raws else b"", self._ours)
        told = session.letters_to(one.kept.case.patron.key)
        return Scene(
            library=self._library,
            now=now,
            understood=message,
            case=one.kept.case,
            was=one.kept.case,
            prediction=None,
            promise=None,
            mailbox=Address(self._library.name, self._mailboxes[mailbox].address),
            told=tuple((LetterKind(each.kind), each.text) for each in told),
            history=tuple(Past(Address(p.writer_name, p.writer_address), p.at, p.text) for p in parts),
            urgent=urgent(message) or any(grave_in(part.text) for part in parts),
            answered=one.past.answered,
            answers_to=self._mailboxes[mailbox].answers_to(session.key(SEAL) or b"", one.kept.case.ref),
            wanted=wanted_at(session, parts, self._ours),
        )


def _unnamed(session: Session, one: Watched) -> frozenset[datetime]:
    """The case's promises, this one and those before, that no letter to the patron has named."""
    named = named_in(session.records_told(one.kept.id))
    made = (one.kept.case.due, *(each.due for each in one.past.reminded))
    return frozenset(due for due in made if due is not None and due not in named)


def _as_found(scene: Scene, found: Reminding) -> Scene:
    """The scene once it is known what is to be done."""
    return replace(
        scene,
        case=found.case,
        promise=found.promise,
        broken=found.broken,
        untold=not any(order.to_patron for order in found.orders),
    )
