"""A candidate from all that is known by now, and whether it takes over.

Owns the order of things: keep the newest labels back, fit what serves and the candidate without them, compare, then
fit the candidate on everything, keep it, and promote it only if it passes the gate. Files through ``files`` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mailbot.classify import files
from mailbot.classify.balance import Contradiction, contradictions
from mailbot.classify.compare import Comparison, Verdict, compare, judge, split
from mailbot.classify.examples import Example
from mailbot.classify.fitting import fit
from mailbot.classify.keeping import topic_model
from mailbot.errors import ModelError
from mailbot.library import Department


@dataclass(frozen=True, slots=True)
class Training:
    """What a training came to: the new version, whether it serves now, and what speaks for that."""

    version: str
    promoted: bool
    comparison: Comparison | None
    verdict: Verdict
    contradictions: tuple[Contradiction, ...]


def train(
    departments: Sequence[Department],
    examples: Sequence[Example],
    folder: Path,
    *,
    precision: float = 0.95,
    start: str = "guess",
) -> Training:
    """Fits, compares, keeps and, if the gate lets it, promotes. Raises OSError where the folder can't be written to."""
    topics = topic_model(folder)
    older, tried = split(examples)
    known = _learned(folder)
    comparison, verdict = None, Verdict(True, ("the first model of this library",))
    if known is not None:
        had = [example for example in older if files.example_digest(example) in known]
        champion = fit(departments, topics, examples=had, precision=precision, start=start)
        candidate = fit(departments, topics, examples=older, precision=precision, start=start)
        comparison = compare(champion, candidate, tried)
        verdict = judge(comparison)
    fitted = fit(departments, topics, examples=examples, precision=precision, start=start)
    data = files.data_fingerprint(departments, examples, precision, start)
    place = files.save(fitted, folder, data=data, figures=_figures(comparison), examples=examples)
    if verdict.promote:
        files.promote(folder, place.name)
    return Training(place.name, verdict.promote, comparison, verdict, contradictions(examples))


def _learned(folder: Path) -> frozenset[str] | None:
    """The digests of what the serving version was fitted on, or None where none serves."""
    with suppress(ModelError):
        serving = files.serving(folder)
        return None if serving is None else files.learned(folder, serving)
    return None


def _figures(comparison: Comparison | None) -> dict[str, float]:
    if comparison is None or not comparison.messages:
        return {}
    return {
        "messages": float(comparison.messages),
        "accuracy": comparison.candidate,
        "accuracy of the model before": comparison.champion,
        "share sure": comparison.sure,
        "precision where sure, at least": comparison.precision,
    }
