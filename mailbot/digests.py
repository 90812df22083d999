"""The daily digests, where the library wants them: once a day to each reader, whatever stops in between.

Looks up what is open and what came, and puts the letters into the outbox. The words are in ``writing``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from mailbot.errors import ConstraintBroken, named
from mailbot.library import is_open
from mailbot.log import Event, note
from mailbot.mail import Address, Ours, understand
from mailbot.settings import Settings, ours
from mailbot.store import Session, Store, Written
from mailbot.writing import Writer, delicate
from mailbot.writing.digest import Entry, admin_plan, department_plan
from mailbot.writing.facts import Plan


class Digests:
    """Writes each digest that is due. ``ids`` and ``clock`` are as in ``reminding.Reminder``."""

    def __init__(
        self, settings: Settings, store: Store, writer: Writer, *, clock: Callable[[], datetime], ids: Callable[[], str]
    ) -> None:
        self._settings = settings
        self._library = settings.library
        self._ours: Ours = ours(settings.library)
        self._store = store
        self._writer = writer
        self._clock = clock
        self._ids = ids
        self._given_up: set[tuple[date, str]] = set()

    def look(self) -> frozenset[str]:
        """Writes what is due now; the mailboxes that have letters since.

        A digest that cannot be worded is logged, and left alone for the day; it holds up no other.
        """
        now, wanted = self._clock(), self._settings.digest
        here = now.astimezone(self._library.timezone)
        readers = [one for one in self._library.departments if wanted.departments and is_open(now, one, self._library)]
        admin = wanted.admin if here.hour >= wanted.hour else ""
        if not readers and not admin:
            return frozenset()
        with self._store.reading() as session:
            told = session.digested(here.date()) | {to for day, to in self._given_up if day == here.date()}
            readers = [one for one in readers if one.email not in told]
            admin = "" if admin in told else admin
            entries = self._entries(session) if readers or admin else []
            day = session.day(now)
        posted = False
        for desk in readers:
            mine = [entry for entry in entries if self._library.holder(entry.case.holder) is desk]
            if mine:
                plan = department_plan(desk, mine, self._library, now)
                posted |= self._post(plan, Address(desk.name, desk.email), desk.key, now)
        if admin:
            posted |= self._post(admin_plan(day, entries, self._library, now), Address("", admin), "", now)
        return frozenset({self._settings.mailboxes[0].name} if posted else ())

    def _entries(self, session: Session) -> Sequence[Entry]:
        kept = session.open_cases()
        parts, nothing = session.parts([one.id for one in kept]), understand(b"", self._ours)
        return [
            Entry(
                one.case,
                any(
                    delicate(replace(nothing, text=part.text, subject=one.case.subject, language=one.case.language))
                    for part in parts.get(one.id, ())
                ),
            )
            for one in kept
        ]

    def _post(self, plan: Plan, to: Address, department: str, now: datetime) -> bool:
        """Whether it was put into the outbox; a second one of the day violates a constraint."""
        mailbox, today = self._settings.mailboxes[0], now.astimezone(self._library.timezone).date()
        sender = Address(self._library.name, mailbox.address)
        try:
            letter = self._writer.digest(plan, to, sender, self._library, now)
        except Exception as error:  # noqa: BLE001 - one digest that can't be worded must not keep the others waiting
            self._given_up.add((today, to.address))
            note(Event.DIGEST_FAILED, department=department, error=named(error))
            return False
        name = f"<{self._ids()}.mailbot@{sender.domain}>"
        try:
            with self._store.writing() as session:
                session.digest(today, to.address, now)
                session.post([Written(letter, name, department)], mailbox.name, None, None, now)
        except ConstraintBroken:
            return False
        note(Event.DIGEST_WRITTEN, department=department)
        return True
