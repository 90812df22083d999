"""Which department can help: text to ``Prediction``. scikit-learn is imported in here and nowhere else, lazily."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mailbot.classify.examples import NOBODY, Example, Source
from mailbot.classify.prediction import Classifier, Guess, Prediction, Question
from mailbot.classify.rules import RuleHit, rule_for
from mailbot.library import Department

if TYPE_CHECKING:
    from pathlib import Path

    from mailbot.classify.encoder import Encoder
    from mailbot.classify.fitted import FittedClassifier
    from mailbot.classify.keeping import Ready
    from mailbot.classify.meaning import Encoding
    from mailbot.classify.topical import TopicModel
    from mailbot.classify.topics import Assignment

__all__ = [
    "NOBODY",
    "Classifier",
    "Example",
    "Guess",
    "Prediction",
    "Question",
    "RuleHit",
    "Source",
    "embedded",
    "fit",
    "load",
    "load_or_fit",
    "load_topics",
    "open_encoder",
    "rule_for",
    "save",
    "topic_assignment",
]


def fit(
    departments: Sequence[Department],
    *,
    examples: Sequence[Example] = (),
    precision: float = 0.95,
    start: str = "guess",
    starter: bool = True,
    topics: TopicModel | None = None,
    encoding: Encoding | None = None,
) -> FittedClassifier:
    """A classifier for these departments, from the config and from examples (``Example``).

    ``precision``: a guess is sure only where it is right this often. ``start``: "guess" or "careful", what to do
    before there is evidence of that (``careful`` is never sure, except by rule). ``topics`` is the model of the starter
    collection where one is at hand, since fitting it takes a minute; with ``starter`` false there is none.
    """
    # scikit-learn, only when it is needed
    from mailbot.classify.fitting import fit as fit_now
    from mailbot.classify.model import fit_topics
    from mailbot.classify.starter import messages

    topics = topics or (fit_topics(messages()) if starter else None)
    return fit_now(departments, topics, examples=examples, precision=precision, start=start, encoding=encoding)


def load_or_fit(
    departments: Sequence[Department],
    *,
    folder: Path,
    examples: Callable[[], Sequence[Example]] = tuple,
    precision: float = 0.95,
    start: str = "guess",
    encoder: Encoder | None = None,
) -> Ready:
    """The version that serves, where it is fit for these departments; else the last that is; else a fit, kept in the
    models folder.

    Takes a second where the folder knows the starter collection's model, and a minute the first time. A folder
    that can't be written to costs no more than the time. ``examples`` gives the labels, if there is something to fit.
    """
    from mailbot.classify.keeping import load_or_fit as load_or_fit_now

    return load_or_fit_now(departments, folder, examples=examples, precision=precision, start=start, encoder=encoder)


def load(
    folder: Path, departments: Sequence[Department], version: str | None = None, encoder: Encoder | None = None
) -> FittedClassifier:
    """The version that serves, or the one named. Raises ModelError, which says why it is not fit to use."""
    from mailbot.classify.files import load as load_now

    return load_now(folder, departments, version, encoder)


def save(fitted: FittedClassifier, folder: Path) -> Path:
    """Writes a new version into the models folder and returns its folder. Raises OSError."""
    from mailbot.classify.files import save as save_now

    return save_now(fitted, folder)


def load_topics(folder: Path) -> TopicModel:
    """The model of topics: the models folder's, or a fresh one, kept there where that is possible."""
    from mailbot.classify.keeping import topic_model

    return topic_model(folder)


def open_encoder(named: str, models: Path) -> Encoder | None:
    """The sentence encoder of that name (a folder, or one that was fetched), None for "". Raises ConfigError."""
    if not named:
        return None
    from mailbot.classify.encoder import open_encoder as open_now

    return open_now(named, models)


def embedded(examples: Sequence[Example], encoder: Encoder) -> list[Example]:
    """The examples, each with what the encoder makes of it; only those without a vector are embedded."""
    from mailbot.classify.fitting import with_vectors

    return with_vectors(examples, encoder)


def topic_assignment(departments: Sequence[Department], topics: TopicModel) -> Assignment:
    """Which department covers which topic of the starter collection, and where that is in doubt."""
    from mailbot.classify.starter import topics as all_topics
    from mailbot.classify.topics import assign

    return assign(all_topics(), departments, topics)
