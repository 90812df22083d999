"""How well first guesses go in seven libraries that have taught nothing: departments and starter collection alone.

Each once with the topics assigned by mailbot and once by hand. ``python -m benchmarks.guess``.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from mailbot.classify import fit
from mailbot.classify.evaluate import calibration_error
from mailbot.classify.model import fit_topics
from mailbot.classify.starter import messages
from mailbot.classify.topical import TopicModel
from mailbot.library import Department
from tests.libraries import NAMES, SampleLibrary, sample_library

BATCH = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Shares of the mail that somebody can answer (but ``astray``: of that which nobody can, held back)."""

    right: float
    acceptable: float
    top_three: float
    sure: float
    precision: float
    astray: float
    ece: float


def main() -> None:
    """Prints a row a library, and the means."""
    topics = fit_topics(messages())
    print(f"{'':26}{'right':>8}{'accept.':>8}{'top 3':>8}{'sure':>8}{'then':>8}{'astray':>8}{'ECE':>8}")
    found: dict[str, list[Found]] = {"": [], "by hand": []}
    for name in NAMES:
        library = sample_library(name)
        for how, departments in (("", library.departments), ("by hand", library.by_hand)):
            one = measured(departments, library, topics)
            found[how].append(one)
            print(_line(f"{name} {how}", one), flush=True)
    for how, rows in found.items():
        means = (statistics.mean(getattr(row, field.name) for row in rows) for field in fields(Found))
        print(_line(f"mean {how}", Found(*means)))


def measured(departments: Sequence[Department], library: SampleLibrary, topics: TopicModel) -> Found:
    """The first guesses about a library's mail."""
    fitted = fit(departments, topics=topics)
    questions = [mail.row.question for mail in library.mail]
    batches = [questions[i : i + BATCH] for i in range(0, len(questions), BATCH)]
    guesses = [guess for batch in batches for guess in fitted.predict(batch)]
    ranks = [[guess.department for guess in rank] for batch in batches for rank in fitted.rank(batch)]
    inside = [(mail, rank) for mail, rank in zip(library.mail, ranks, strict=True) if mail.acceptable]
    sure = [(mail, g) for mail, g in zip(library.mail, guesses, strict=True) if g.sure]
    astray = [not g.sure for mail, g in zip(library.mail, guesses, strict=True) if not mail.acceptable]
    fits = [
        g.department in mail.acceptable if g.department else not mail.acceptable
        for mail, g in zip(library.mail, guesses, strict=True)
    ]
    return Found(
        right=statistics.mean(rank[0] == mail.row.label for mail, rank in inside),
        acceptable=statistics.mean(rank[0] in mail.acceptable for mail, rank in inside),
        top_three=statistics.mean(bool({*rank[:3]} & {*mail.acceptable}) for mail, rank in inside),
        sure=sum(bool(mail.acceptable) for mail, _ in sure) / len(inside),
        precision=statistics.mean(g.department in mail.acceptable for mail, g in sure),
        astray=statistics.mean(astray),
        ece=calibration_error(np.array([g.confidence for g in guesses]), np.array(fits, bool)) or 0.0,
    )


def _line(name: str, found: Found) -> str:
    shares = (found.right, found.acceptable, found.top_three, found.sure, found.precision, found.astray)
    return f"{name:26}" + "".join(f"{share:8.1%}" for share in shares) + f"{found.ece:8.3f}"


if __name__ == "__main__":
    main()
