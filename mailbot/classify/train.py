"""A candidate from all that is known by now, and whether it takes over.

Owns the order of things: keep the newest labels back, fit what serves and the candidate without them, compare, then
fit the candidate on everything, keep it, and promote it only if it passes the gate. Files through ``files`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from mailbot.classify import files
from mailbot.classify.balance import contradictions
from mailbot.classify.carding import card_of
from mailbot.classify.compare import Comparison, Verdict, compare, guessed, judge, split
from mailbot.classify.encoder import Encoder
from mailbot.classify.examples import Example
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.fitting import fit
from mailbot.classify.keeping import encoding_of, topic_model
from mailbot.classify.training import Elsewhere, Recent, Training
from mailbot.errors import ModelError
from mailbot.library import Department


def train(
    departments: Sequence[Department],
    examples: Sequence[Example],
    folder: Path,
    *,
    at: datetime,
    precision: float = 0.95,
    start: str = "guess",
    encoder: Encoder | None = None,
    recent: Sequence[Recent] = (),
) -> Training:
    """Fits, compares, keeps and, if the gate lets it, promotes. ``at`` is now, ``recent`` are questions of these days,
    to see which of them would go elsewhere. Raises OSError where the folder can't be written to.
    """
    topics = topic_model(folder)
    encoding = None if encoder is None else encoding_of(folder, encoder)
    fitted_on = partial(fit, departments, topics, precision=precision, start=start, encoding=encoding)
    older, tried = split(examples)
    known = _learned(folder)
    comparison, verdict = None, Verdict(True, ("the first model of this library",))
    if known is not None:
        had = [example for example in older if files.example_digest(example) in known]
        comparison = compare(fitted_on(examples=had), fitted_on(examples=older), tried)
        verdict = judge(comparison)
    fitted = fitted_on(examples=examples)
    before = _serving(folder, departments, encoder)
    data = files.data_fingerprint(departments, examples, precision, start, "" if encoder is None else encoder.name)
    place = files.save(fitted, folder, data=data, figures=_figures(fitted, comparison), examples=examples)
    if verdict.promote:
        files.promote(folder, place.name)
    done = Training(
        place.name,
        verdict.promote,
        comparison,
        verdict,
        contradictions(examples),
        len(examples),
        () if before is None else _elsewhere(before, fitted, recent),
    )
    files.add_card(place, card_of(fitted, done, examples, precision=precision, at=at))
    return done


def is_news(
    departments: Sequence[Department],
    examples: Sequence[Example],
    folder: Path,
    precision: float,
    start: str,
    encoder: Encoder | None = None,
) -> bool:
    """Whether a fit on these would learn anything that the newest version was not fitted on."""
    data = files.data_fingerprint(departments, examples, precision, start, "" if encoder is None else encoder.name)
    for version in reversed(files.versions(folder)):
        with suppress(ModelError):
            return files.read_manifest(folder, version).data != data
    return True


def _serving(folder: Path, departments: Sequence[Department], encoder: Encoder | None) -> FittedClassifier | None:
    """The model that serves, or None where none is fit for use."""
    with suppress(ModelError):
        return files.load(folder, departments, None, encoder)
    return None


def _elsewhere(before: FittedClassifier, now: FittedClassifier, recent: Sequence[Recent]) -> tuple[Elsewhere, ...]:
    questions = [one.question for one in recent]
    pairs = zip(recent, guessed(before, questions), guessed(now, questions), strict=True)
    return tuple(Elsewhere(one.summary, was, is_now) for one, was, is_now in pairs if was != is_now)


def _learned(folder: Path) -> frozenset[str] | None:
    """The digests of what the serving version was fitted on, or None where none serves."""
    with suppress(ModelError):
        serving = files.serving(folder)
        return None if serving is None else files.learned(folder, serving)
    return None


def _figures(fitted: FittedClassifier, comparison: Comparison | None) -> dict[str, float]:
    """What the list of versions tells of each."""
    found: dict[str, float] = {}
    if fitted.proof is not None:
        found |= {
            "labels": float(fitted.proof.messages),
            "accuracy": fitted.proof.right,
            "share sure": fitted.proof.sure,
            "precision where sure": fitted.proof.precision,
            "precision where sure, at least": fitted.proof.at_least,
        }
    if comparison is not None and comparison.messages:
        found |= {
            "newest labels": float(comparison.messages),
            "accuracy on these": comparison.candidate,
            "accuracy of the model before": comparison.champion,
        }
    return found
