"""A model's card: what is known of a version, in Markdown with two plots, for an admin to read beside it.

Owns what the card says; its words and shapes are in ``card/``. Pure: writes no file.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from mailbot.classify.compare import Recall
from mailbot.classify.examples import NOBODY, Example, Source
from mailbot.classify.files import CARD
from mailbot.classify.fitted import FittedClassifier
from mailbot.classify.proof import Bin
from mailbot.classify.training import Training
from mailbot.library import Department

FEW = 10
"""Labels of a department below which little is known of it."""
CONFIDENCE, RECALL = "confidence.svg", "recall.svg"
_LARGEST_DOT = 14.0


@dataclass(frozen=True, slots=True)
class Learned:
    """How many labels of a department there are, by where they come from."""

    name: str
    corrected: int
    confirmed: int
    brought: int
    told: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of confidence, as it is drawn."""

    confidence: float
    right: float
    messages: int
    radius: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A department's recall, as it is drawn."""

    name: str
    messages: int
    before: float
    now: float


def card_of(
    fitted: FittedClassifier,
    training: Training,
    examples: Sequence[Example],
    *,
    precision: float,
    at: datetime,
) -> Mapping[str, str]:
    """The card's files by name: the text, and the plots there is something to draw for. ``at`` (aware) is when it was
    trained, ``precision`` how often a sure guess should be right.
    """
    names = dict(fitted.names)
    learned = [_learned(department, examples) for department in fitted.departments]
    gone = Counter(one.department for one in examples if one.department not in {*names, NOBODY})
    comparison = training.comparison
    told = {
        "version": training.version,
        "training": training,
        "comparison": comparison,
        "examples": examples,
        "at": at,
        "starter": fitted.pooled is not None and fitted.pooled.topical is not None,
        "encoder": "" if fitted.encoder is None else fitted.encoder.name,
        "regime": fitted.regime.value,
        "threshold": fitted.threshold,
        "precision": precision,
        "proof": fitted.proof,
        "learned": learned,
        "thin": [one.name for one in learned if one.corrected + one.confirmed + one.brought < FEW],
        "few": FEW,
        "gone": sorted(gone.items()),
        "names": names,
        "percent": lambda share: f"{share:.1%}",
    }
    found = {CARD: _environment().get_template(CARD).render(told)}
    if fitted.proof is not None:
        found[CONFIDENCE] = _environment().get_template(CONFIDENCE).render(bins=_dots(fitted.proof.bins))
    if comparison is not None and comparison.messages:
        found[RECALL] = _environment().get_template(RECALL).render(bars=_bars(comparison.recalls, names))
    return found


def _learned(department: Department, examples: Sequence[Example]) -> Learned:
    counted = Counter(one.source for one in examples if one.department == department.key)
    return Learned(
        department.name,
        counted[Source.CORRECTION],
        counted[Source.CONFIRMATION],
        counted[Source.IMPORT],
        len(department.examples),
    )


def _dots(bins: Sequence[Bin]) -> list[Dot]:
    most = max((one.messages for one in bins), default=1)
    return [
        Dot(one.confidence, one.right, one.messages, max(3.0, _LARGEST_DOT * math.sqrt(one.messages / most)))
        for one in bins
    ]


def _bars(recalls: Sequence[Recall], names: Mapping[str, str]) -> list[Bar]:
    return [
        Bar(
            names.get(one.department, "nobody's"),
            one.messages,
            one.champion / one.messages,
            one.candidate / one.messages,
        )
        for one in recalls
    ]


@cache
def _environment() -> Environment:
    folder = files("mailbot.classify").joinpath("card")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=select_autoescape(["svg"]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=False,
    )
