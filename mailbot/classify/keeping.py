"""A classifier at start-up: what the models folder has where it fits, a fresh fit where it doesn't; and what to say.

Owns that decision; ``files`` does the reading and writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mailbot.classify import files
from mailbot.classify.encoder import Encoder
from mailbot.classify.examples import Example
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.meaning import Encoding, MeantTopics
from mailbot.classify.topical import TopicModel
from mailbot.errors import ModelError
from mailbot.library import Department


@dataclass(frozen=True, slots=True)
class Ready:
    """A classifier to start with; ``version`` is "" for one that was not kept. ``said`` is what the admin should know:
    which version was refused and why, and what serves instead.
    """

    classifier: FittedClassifier
    version: str
    said: tuple[str, ...]


def load_or_fit(
    departments: Sequence[Department],
    folder: Path,
    *,
    examples: Callable[[], Sequence[Example]] = tuple,
    precision: float = 0.95,
    start: str = "guess",
    encoder: Encoder | None = None,
) -> Ready:
    """What serves, where it is fit for use and for these departments; else the last version that is; else a fit.

    ``examples`` is asked for the labels only where there is something to fit.
    """
    refused: list[str] = []
    for version in _promoted(folder, refused):
        with _noted(refused):
            return Ready(files.load(folder, departments, version, encoder), version, _said(refused, version))
    taught = examples()
    data = files.data_fingerprint(departments, taught, precision, start, "" if encoder is None else encoder.name)
    for version in _fitted_on(folder, data):
        with suppress(ModelError):
            return Ready(files.load(folder, departments, version, encoder), version, _said(refused, version))
    # scikit-learn, only when there is something to fit
    from mailbot.classify.fitting import fit

    encoding = None if encoder is None else encoding_of(folder, encoder)
    fitted = fit(departments, topic_model(folder), examples=taught, precision=precision, start=start, encoding=encoding)
    version = ""
    with suppress(OSError):
        version = files.save(fitted, folder, data=data, examples=taught).name
    instead = f"{version or 'a model'}, fitted just now on the departments and {len(taught)} labels,"
    return Ready(replace(fitted, version=version), version, _said(refused, instead))


def topic_model(folder: Path) -> TopicModel:
    """The model of topics: the folder's, or a fresh one, kept there where that is possible."""
    try:
        return files.load_topics(folder)
    except ModelError:
        from mailbot.classify.model import fit_topics
        from mailbot.classify.starter import messages

        model = fit_topics(messages())
        with suppress(OSError):
            files.save_topics(model, folder)
        return model


def encoding_of(folder: Path, encoder: Encoder) -> Encoding:
    """The encoder with what it makes of the starter collection: as kept, or found out now, which takes minutes."""
    return Encoding(encoder, _meant_topics(folder, encoder))


def _meant_topics(folder: Path, encoder: Encoder) -> MeantTopics:
    try:
        return files.load_meant_topics(folder, encoder)
    except ModelError:
        from mailbot.classify.meaning import fit_meant_topics
        from mailbot.classify.starter import messages

        meant = fit_meant_topics(messages(), topic_model(folder), encoder)
        with suppress(OSError):
            files.save_meant_topics(meant, folder)
        return meant


@contextmanager
def _noted(refused: list[str]) -> Iterator[None]:
    """Notes a model that is refused, and goes on."""
    try:
        yield
    except ModelError as error:
        refused.append(str(error))


def _said(refused: Sequence[str], instead: str) -> tuple[str, ...]:
    return (*refused, f"{instead} serves instead") if refused else ()


def _promoted(folder: Path, refused: list[str]) -> Iterator[str]:
    """The versions that were promoted, the one that serves first, each once."""
    history: tuple[str, ...] = ()
    with _noted(refused):
        history = files.history(folder)
    yield from dict.fromkeys(reversed(history))


def _fitted_on(folder: Path, data: str) -> Iterator[str]:
    """Versions that were fitted on the very same data, newest first."""
    for version in reversed(files.versions(folder)):
        with suppress(ModelError):
            if files.read_manifest(folder, version).data == data:
                yield version
