"""The library whose promises follow the departments' real answer times, where the config asks for it.

Joins ``pace`` to the store. Looks once a day; in between, and where it is not wanted, nothing is read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.library import Library
from mailbot.pace import LOOK_BACK, paced
from mailbot.settings import Settings
from mailbot.store import Store

_EVERY = timedelta(days=1)


class Pacing:
    """Knows the figures of the day."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._library = settings.library
        self._looked: datetime | None = None

    def library(self, now: datetime) -> Library:
        """The library as it may promise now. Raises StoreError."""
        wanted = self._settings.promises.from_figures
        if wanted and (self._looked is None or now - self._looked >= _EVERY):
            with self._store.reading() as session:
                answers = session.answer_times(now - LOOK_BACK)
            self._library, self._looked = paced(self._settings.library, answers), now
        return self._library
