"""Which classifier serves: the version that was promoted, as sure of itself as its record allows, and the next one.

Joins the models folder to the store; decides nothing.
"""

from __future__ import annotations

from pathlib import Path

from mailbot.asking import Restrained
from mailbot.classify import Classifier, Example, load_or_fit, open_encoder
from mailbot.errors import MailbotError
from mailbot.learning import examples_in
from mailbot.settings import Settings
from mailbot.store import Store


class Service:
    """The classifier of a library, from its models folder. ``said`` is what the admin should know of it."""

    def __init__(self, settings: Settings, models: Path) -> None:
        self._settings = settings
        self._models = models
        self._encoder = open_encoder(settings.classify.encoder, models)
        self._known: tuple[str | None, float | None] = (None, None)
        self.version = ""
        self.target = 0.0
        self.said: tuple[str, ...] = ()

    def current(self) -> Classifier:
        """The classifier to use now; ``version`` is its name, ``target`` how often it should be right where sure."""
        routing = self._settings.routing
        ready = load_or_fit(
            self._settings.library.departments,
            folder=self._models,
            examples=self._examples,
            precision=routing.precision,
            start=routing.start,
            encoder=self._encoder,
        )
        self.version, self.said = ready.version, ready.said
        self.target = ready.classifier.target(routing.precision)
        self._known = self._seen()
        restraint = self._known[1]
        return ready.classifier if restraint is None else Restrained(ready.classifier, restraint)

    def renewed(self) -> Classifier | None:
        """The classifier to use from now on, where that is another one, or it is restrained since; else None."""
        return None if self._seen() == self._known else self.current()

    def _seen(self) -> tuple[str | None, float | None]:
        from mailbot.classify import files  # numpy, not needed by those who only look at settings

        return files.serving(self._models), self._restraint()

    def _restraint(self) -> float | None:
        """The threshold that the version in use was raised to, or None."""
        try:
            store = Store.rehearsal(self._settings.store.url)
        except MailbotError:
            return None
        try:
            with store.reading() as session:
                return session.raised(self.version)
        finally:
            store.close()

    def _examples(self) -> list[Example]:
        """The labels on record; none while the database can't be read."""
        try:
            store = Store.rehearsal(self._settings.store.url)
        except MailbotError:
            return []
        try:
            return examples_in(store)
        finally:
            store.close()
