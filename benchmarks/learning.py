"""The learning curve: a library's mail arrives, every wrong or unsure route is corrected, the model retrains every 20.

Once with corrections alone, and once with ``learn_from_answers``, where a right route is confirmed by the answer.
``python -m benchmarks.learning`` prints both for the sample library and draws ``docs/learning-curve.svg``; with names
of ``tests/libraries`` as arguments, for these.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from mailbot.classify import NOBODY, Example, Source, fit
from mailbot.classify.model import fit_topics
from mailbot.classify.starter import messages
from mailbot.classify.topical import TopicModel
from tests.libraries import Labelled, SampleLibrary, sample_library

EVERY = 20
ORDERS = 3
WINDOW = 3  # blocks of mail that a point of the curve looks back on
LABEL = 14.0  # the height of a line of words in the picture
PICTURE = Path(__file__).parent.parent / "docs" / "learning-curve.svg"
BEGAN = datetime(2027, 1, 4, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """Twenty messages: how many corrections came before them, how many the best guess served, how many it would have
    served had nobody corrected anything, how many were sure, and how many of those served.
    """

    corrections: float
    served: float
    untaught: float
    sure: float
    sure_served: float


def main(*names: str) -> None:
    """Prints a row a block, and draws the sample library's."""
    topics = fit_topics(messages())
    for name in names or ("riverbend",):
        library = sample_library(name)
        curves = [_curve(library, topics, confirmed=confirmed) for confirmed in (False, True)]
        print(f"{name}, {len(library.mail)} messages, mean of {ORDERS} orders")
        for told, curve in zip(("corrections alone", "answers confirm"), curves, strict=True):
            print(f"{told}\n{'messages':>10}{'corrections':>13}{'served':>9}{'untaught':>10}{'sure':>9}{'then':>9}")
            for number, one in enumerate(curve, start=1):
                shares = f"{one.served:9.1%}{one.untaught:10.1%}{one.sure:9.1%}{one.sure_served:9.1%}"
                print(f"{number * EVERY:10}{one.corrections:13.0f}{shares}", flush=True)
        if name == "riverbend":
            PICTURE.write_text(picture(*curves), "utf-8")


def _curve(library: SampleLibrary, topics: TopicModel, *, confirmed: bool) -> list[Block]:
    runs = [run(library, topics, order, confirmed=confirmed) for order in range(ORDERS)]
    mean = [_mean([one[i] for one in runs]) for i in range(min(map(len, runs)))]
    return [_over(mean[max(0, i - WINDOW + 1) : i + 1]) for i in range(len(mean))]


def run(library: SampleLibrary, topics: TopicModel, order: int, *, confirmed: bool) -> list[Block]:
    """The library's mail in one order: as it stands for 0, else shuffled. ``confirmed``: right routes are labels."""
    mail = list(library.mail)
    if order:
        random.Random(order).shuffle(mail)
    taught: list[Example] = []
    blocks: list[Block] = []
    untaught = fit(library.departments, topics=topics)
    for first in range(0, len(mail), EVERY):
        came = mail[first : first + EVERY]
        model = fit(library.departments, examples=taught, topics=topics)
        guesses = model.predict([one.row.question for one in came])
        right = [_serves(one, guess.department) for one, guess in zip(came, guesses, strict=True)]
        before = untaught.predict([one.row.question for one in came])
        served = sum(_serves(one, guess.department) for one, guess in zip(came, before, strict=True))
        sure = [guess.sure for guess in guesses]
        both = sum(ok and alone for ok, alone in zip(right, sure, strict=True))
        corrections = sum(one.source is Source.CORRECTION for one in taught)
        shares = (one / len(came) for one in (sum(right), served, sum(sure), both))
        blocks.append(Block(corrections, *shares))
        for number, (one, ok, alone) in enumerate(zip(came, right, sure, strict=True), first):
            if not (ok and alone):
                taught.append(_label(one, Source.CORRECTION, number))
            elif confirmed:
                taught.append(_label(one, Source.CONFIRMATION, number))
    return blocks


def _serves(mail: Labelled, department: str | None) -> bool:
    return department in mail.acceptable if mail.acceptable else department is None


def _label(mail: Labelled, source: Source, number: int) -> Example:
    right = mail.row.label if mail.acceptable else NOBODY
    return Example(mail.row.question, right, source, BEGAN + timedelta(hours=4 * number), f"{number}@x.example")


def _mean(blocks: Sequence[Block]) -> Block:
    return Block(*np.mean([astuple(block) for block in blocks], axis=0).tolist())


def _over(blocks: Sequence[Block]) -> Block:
    """Blocks looked at together; the last says how many corrections there were."""
    mean = _mean(blocks)
    then = mean.sure_served / mean.sure if mean.sure else 0.0
    return Block(blocks[-1].corrections, mean.served, mean.untaught, mean.sure, then)


def picture(alone: Sequence[Block], confirmed: Sequence[Block]) -> str:
    """Both curves as an SVG: shares from 0 to 100 %, against the number of corrections."""
    most = max(one.corrections for one in (*alone, *confirmed)) or 1.0

    def line(curve: Sequence[Block], share: str, colour: str) -> str:
        points = ((50 + 420 * one.corrections / most, _height(getattr(one, share))) for one in curve)
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        return f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>'

    grid = "".join(f'<line x1="50" x2="470" y1="{y}" y2="{y}"/>' for y in range(30, 251, 44))
    shares = "".join(f'<text x="44" y="{254 - 44 * i}">{20 * i} %</text>' for i in range(6))
    ticks = "".join(f'<text x="{50 + 105 * i}" y="268">{most * i / 4:.0f}</text>' for i in range(5))
    told = [
        (alone, "served", "#7fa8c4", "served, corrections alone"),
        (confirmed, "served", "#1f5f8b", "served, answers confirm"),
        (confirmed, "untaught", "#777", "served, had nobody corrected"),
        (alone, "sure", "#c9a15a", "sure, corrections alone"),
        (confirmed, "sure", "#8a5a00", "sure, answers confirm"),
    ]
    lines = [line(curve, share, colour) for curve, share, colour, _ in told]
    heights = _apart([_height(getattr(curve[-1], share)) for curve, share, _, _ in told])
    lines += [
        f'<text x="478" y="{height + 4:.0f}" fill="{colour}">{name}</text>'
        for height, (_, _, colour, name) in zip(heights, told, strict=True)
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 300" font-family="sans-serif" font-size="12">\n'
        "<title>How guesses change with corrections</title>\n"
        '<rect width="680" height="300" fill="#fff"/>\n'
        f'<g stroke="#ccc">{grid}</g>\n<g fill="#333" text-anchor="end">{shares}</g>\n'
        f'<g fill="#333" text-anchor="middle">{ticks}<text x="260" y="290">corrections</text></g>\n'
        + "\n".join(lines)
        + "\n</svg>\n"
    )


def _height(share: float) -> float:
    return 250 - 220 * share


def _apart(heights: Sequence[float]) -> list[float]:
    """The heights of labels, moved down as far as it takes for none to lie on another."""
    found, lowest = list(heights), -LABEL
    for i in sorted(range(len(found)), key=found.__getitem__):
        found[i] = lowest = max(found[i], lowest + LABEL)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
