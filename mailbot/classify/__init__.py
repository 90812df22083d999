"""Which department can help: text to ``Prediction``. scikit-learn is imported in here and nowhere else, lazily."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailbot.classify.examples import NOBODY, Example, Source
from mailbot.classify.prediction import Classifier, Guess, Prediction, Question
from mailbot.classify.rules import RuleHit, rule_for
from mailbot.library import Department

if TYPE_CHECKING:
    from pathlib import Path

    from mailbot.classify.fitted import FittedClassifier
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
    "fit",
    "load",
    "load_or_fit",
    "load_topics",
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
) -> FittedClassifier:
    """A classifier for these departments, from the config and from examples (``Example``).

    ``precision``: a guess is sure only where it is right this often. ``start``: "guess" or "careful", what to do
    before there is evidence of that (``careful`` is never sure, except by rule). ``topics`` is the model of the starter
    collection where one is at hand, since fitting it takes seconds; with ``starter`` false there is none.
    """
    # scikit-learn, only when it is needed
    from mailbot.classify.fitting import fit as fit_now
    from mailbot.classify.model import fit_topics
    from mailbot.classify.starter import messages

    topics = topics or (fit_topics(messages()) if starter else None)
    return fit_now(departments, topics, examples=examples, precision=precision, start=start)


def load_or_fit(
    departments: Sequence[Department],
    *,
    folder: Path,
    examples: Sequence[Example] = (),
    precision: float = 0.95,
    start: str = "guess",
) -> FittedClassifier:
    """The version that serves, where it fits these departments; else a fit, kept in the models folder.

    Takes a second where the folder knows the starter collection's model, and some seconds the first time. A folder
    that can't be written to costs no more than the time.
    """
    from mailbot.classify.keeping import load_or_fit as load_or_fit_now

    return load_or_fit_now(departments, folder, examples=examples, precision=precision, start=start)


def load(folder: Path, departments: Sequence[Department], version: str | None = None) -> FittedClassifier:
    """The version that serves, or the one named. Raises ModelError, which says why it is not fit to use."""
    from mailbot.classify.files import load as load_now

    return load_now(folder, departments, version)


def save(fitted: FittedClassifier, folder: Path) -> Path:
    """Writes a new version into the models folder and returns its folder. Raises OSError."""
    from mailbot.classify.files import save as save_now

    return save_now(fitted, folder)


def load_topics(folder: Path) -> TopicModel:
    """The model of topics: the models folder's, or a fresh one, kept there where that is possible."""
    from mailbot.classify.keeping import topic_model

    return topic_model(folder)


def topic_assignment(departments: Sequence[Department], topics: TopicModel) -> Assignment:
    """Which department covers which topic of the starter collection, and where that is in doubt."""
    from mailbot.classify.starter import topics as all_topics
    from mailbot.classify.topics import assign

    return assign(all_topics(), departments, topics)
