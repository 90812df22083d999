"""Looks at how the guesses went, and restrains a model that is wrong more often than it should be; somebody is told.

Asks the store and puts a letter into the outbox; when a threshold has to be raised is ``classify``'s to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from mailbot.errors import named
from mailbot.log import Event, note
from mailbot.mail import Address
from mailbot.settings import Settings
from mailbot.store import Store, Written
from mailbot.writing import Writer
from mailbot.writing.watch import restrained_plan

LOOKED_BACK = timedelta(days=90)


class Oversight:
    """Watches the model that serves. ``ids`` and ``clock`` are as in ``reminding.Reminder``."""

    def __init__(
        self, settings: Settings, store: Store, writer: Writer, *, clock: Callable[[], datetime], ids: Callable[[], str]
    ) -> None:
        self._settings = settings
        self._store = store
        self._writer = writer
        self._clock = clock
        self._ids = ids

    def look(self, version: str, target: float) -> frozenset[str]:
        """Raises the threshold of this version where it is right less often than ``target``; the mailboxes that have
        letters since.
        """
        from mailbot.classify.watching import needs_raise  # scipy, once a night

        now = self._clock()
        with self._store.reading() as session:
            found = needs_raise(session.guessed(now - LOOKED_BACK), version, target)
            before = session.raised(version)
        if found is None or (before is not None and before >= found.threshold):
            return frozenset()
        note(Event.MODEL_RESTRAINED, version=version, right=found.right, judged=found.judged, threshold=found.threshold)
        mailbox, library = self._settings.mailboxes[0], self._settings.library
        to = Address("", self._settings.digest.admin or library.triage.email)
        sender = Address(library.name, mailbox.address)
        plan = restrained_plan(version, found.right, found.judged, target, found.threshold, library)
        name = f"<{self._ids()}.mailbot@{sender.domain}>"
        try:
            written = [Written(self._writer.digest(plan, to, sender, library, now), name, "")]
        except Exception as error:  # noqa: BLE001 - a letter that can't be worded must not let the model go on so
            note(Event.LETTER_FAILED, letter=name, error=named(error))
            written = []
        with self._store.writing() as session:
            session.raise_threshold(version, found.threshold, now)
            session.post(written, mailbox.name, None, None, now)
        return frozenset({mailbox.name})
