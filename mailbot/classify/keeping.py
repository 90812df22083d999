"""A classifier at start-up: what the models folder has where it fits, a fresh fit where it doesn't.

Owns that decision; ``files`` does the reading and writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mailbot.classify import files
from mailbot.classify.examples import Example
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.topical import TopicModel
from mailbot.errors import ModelError
from mailbot.library import Department


def load_or_fit(
    departments: Sequence[Department],
    folder: Path,
    *,
    examples: Sequence[Example] = (),
    precision: float = 0.95,
    start: str = "guess",
) -> FittedClassifier:
    """What serves, where it was fitted for these departments; else the version with the same data; else a fit."""
    data = files.data_fingerprint(departments, examples, precision, start)
    for version in _candidates(folder, data):
        with suppress(ModelError):
            return files.load(folder, departments, version)
    # scikit-learn, only when there is something to fit
    from mailbot.classify.fitting import fit

    fitted = fit(departments, topic_model(folder), examples=examples, precision=precision, start=start)
    with suppress(OSError):
        files.save(fitted, folder, data=data, examples=examples)
    return fitted


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


def _candidates(folder: Path, data: str) -> list[str]:
    """The version that serves by promotion, then those fitted on the same data, newest first."""
    found: list[str] = []
    with suppress(ModelError):
        promoted = files.promoted(folder)
        if promoted is not None:
            found.append(promoted)
    for version in reversed(files.versions(folder)):
        with suppress(ModelError):
            if files.read_manifest(folder, version).data == data and version not in found:
                found.append(version)
    return found
